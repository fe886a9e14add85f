import { loadScript } from './script.js';

/** Head for scripts with groups of arguments: `take(count)`, `take_one()`, `take_number()` and `has_arguments()`. */
export const TAKE_ARGUMENTS = loadScript(import.meta.url, './take-arguments.lua');
