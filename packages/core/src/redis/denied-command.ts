import { loadScript } from './script.js';

/** Head for scripts that write: `denied_command(commands)` and `denial(command)`. */
export const DENIED_COMMAND = loadScript(import.meta.url, './denied-command.lua');
