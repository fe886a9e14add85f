import { loadScript } from './script.js';

/** Head for scripts that judge tasks, or must know whether one is still what was judged: `judged_values`, `fingerprint`. */
export const JUDGED_VALUES = loadScript(import.meta.url, './judged-values.lua');
