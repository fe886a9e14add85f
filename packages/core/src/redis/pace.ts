export const PACES = ['auto', 'full'] as const;

/** `auto`: slow down where the server gets slow; `full`: never. */
export type Pace = (typeof PACES)[number];

/** Server time of one call that other clients hardly notice: their PING waits for one call, or rarely for two. */
const TARGET_MS = 2;
/** A call of the smallest size that takes longer than this waits for others: the server is busy without us. */
const BUSY_MS = 8;
const LONGEST_REST_MS = 50;
const GROWTH = 1 / 8;
const STEEPEST_SHRINK = 1 / 4;

/** What is known of a server's speed, and how much the next call is to do. */
export interface PaceState {
  /** How many keys, or other things, the next call takes. */
  size: number;
  /** The shortest call seen, a PING to begin with: what the way there and back takes. */
  idleMs: number;
  /** How long to leave the server alone before the next call. */
  restMs: number;
}

export interface PaceLimits {
  min: number;
  max: number;
}

/**
 * What follows from the time that a call took: it grows by small steps while calls are short, shrinks at once when one is
 * long, and rests as long as the call took where even the smallest are long. Pure.
 */
export function nextPace(state: PaceState, tookMs: number, { min, max }: PaceLimits): PaceState {
  const idleMs = Math.min(state.idleMs, tookMs);
  const servedMs = tookMs - idleMs;
  const bounded = (size: number) => Math.max(min, Math.min(max, Math.round(size)));
  if (servedMs > TARGET_MS) {
    const restMs = state.size <= min && servedMs > BUSY_MS ? Math.min(tookMs, LONGEST_REST_MS) : 0;
    const size = bounded(state.size * Math.max(TARGET_MS / servedMs, STEEPEST_SHRINK));
    return { size, idleMs, restMs };
  }
  const growth = servedMs < TARGET_MS * 0.8 ? Math.max(1, state.size * GROWTH) : 0;
  return { size: bounded(state.size + growth), idleMs, restMs: 0 };
}
