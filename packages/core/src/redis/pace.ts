export const PACES = ['auto', 'full'] as const;

/** `auto`: slow down if the server gets slow. `full`: never slow down. */
export type Pace = (typeof PACES)[number];

/** Other clients hardly notice a call of this length: their PING waits for one call, or rarely for two. */
const TARGET_MS = 2;
/** If a call of the smallest size takes longer than this, the server is overloaded. */
const OVERLOADED_MS = 8;
const LONGEST_REST_MS = 50;
const GROWTH = 1 / 8;
const STEEPEST_SHRINK = 1 / 4;

/** How much the next call does. */
export interface PaceState {
  /** How many keys, or other things, the next call takes. */
  size: number;
  /** How long the server is left alone before the next call. */
  restMs: number;
}

export interface PaceLimits {
  min: number;
  max: number;
}

/**
 * Decides on the next call by the time that the server has worked on the last one. The size grows by small steps while calls
 * are short, and shrinks at once if a call is long. If even the smallest calls are long, the server rests between them. Pure.
 */
export function nextPace({ size }: PaceState, servedMs: number, { min, max }: PaceLimits): PaceState {
  const bounded = (wanted: number) => Math.max(min, Math.min(max, Math.round(wanted)));
  if (servedMs > TARGET_MS) {
    const restMs = size <= min && servedMs > OVERLOADED_MS ? Math.min(servedMs, LONGEST_REST_MS) : 0;
    return { size: bounded(size * Math.max(TARGET_MS / servedMs, STEEPEST_SHRINK)), restMs };
  }
  const growth = servedMs < TARGET_MS * 0.8 ? Math.max(1, size * GROWTH) : 0;
  return { size: bounded(size + growth), restMs: 0 };
}
