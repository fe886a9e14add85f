import { loadScript } from '../redis/script.js';

/** Head for scripts that look at tasks: `observed_state(key)`. */
export const OBSERVED_STATE = loadScript(import.meta.url, './observed-state.lua');

/** Head for scripts that change state counters by an amount: `is_countable(value)` and `is_counting(counter)`. */
export const IS_COUNTING = loadScript(import.meta.url, './is-counting.lua');
