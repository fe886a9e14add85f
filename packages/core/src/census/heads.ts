import { loadScript } from '../redis/script.js';

/** Head for scripts that look at tasks: `task_sighting(key)`. */
export const TASK_SIGHTING = loadScript(import.meta.url, './task-sighting.lua');

/** Head for scripts that change state counters by an amount: `is_countable(value)` and `is_counting(counter)`. */
export const IS_COUNTING = loadScript(import.meta.url, './is-counting.lua');
