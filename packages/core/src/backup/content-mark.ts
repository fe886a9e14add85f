import { loadScript } from '../redis/script.js';

/** Head for scripts that must know whether a key still holds what it held: `content_mark(key)`. */
export const CONTENT_MARK = loadScript(import.meta.url, './content-mark.lua');
