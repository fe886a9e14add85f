import { loadScript } from './script.js';

/** Head for scripts that write: `denied_command(commands)`, `denial(command)` and `run_all(commands)`. */
export const DENIED_COMMAND = loadScript(import.meta.url, './denied-command.lua');
