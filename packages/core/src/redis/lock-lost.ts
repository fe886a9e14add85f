import { loadScript } from './script.js';

/** Head for scripts that write under the maintenance lock: `lock_lost(key, value)`. */
export const LOCK_LOST = loadScript(import.meta.url, './lock-lost.lua');
