/** A heartbeat expires after this long, in ms. */
const BEAT_MS = 90_000;

/** A heartbeat as it is in Redis. */
export interface Heartbeat {
  /** Unix time in seconds, as text; it may be anything. */
  value: string;
  /** Milliseconds until the key expires, -1: never. */
  expiresInMs: number;
}

/** How old a beat is, in ms by the given clock; null if its value is not a time. Negative: the worker's clock is ahead. */
export function ageOfBeat({ value }: Heartbeat, now: Date): number | null {
  const seconds = value.trim() === '' ? Number.NaN : Number(value);
  const age = Math.round(now.getTime() - seconds * 1000);
  return Number.isSafeInteger(age) ? age : null;
}

/**
 * True if a worker must be taken for alive: it beat within 90 s by this clock, or its key has not expired, which the server does
 * 90 s after the beat. One of them is enough, because a clock may be wrong, and because it is worse to take work from a living
 * worker.
 */
export function isFresh(heartbeat: Heartbeat, now: Date): boolean {
  const age = ageOfBeat(heartbeat, now);
  const { expiresInMs } = heartbeat;
  return (age !== null && Math.abs(age) <= BEAT_MS) || (expiresInMs >= 0 && expiresInMs <= BEAT_MS);
}
