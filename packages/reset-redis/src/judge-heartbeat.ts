/** A worker beats at least this often while it is idle; its heartbeat expires after as long, in ms. */
const BEAT_MS = 90_000;

/** Unix times in seconds lie within this, up to the year 5138: a larger number is none. */
const LATEST = 1e11;

/** A heartbeat as it stands in Redis. */
export interface Heartbeat {
  /** Unix time in seconds, as text; it may be anything. */
  value: string;
  /** Milliseconds until the key expires, -1: never. */
  expiresInMs: number;
}

/** How old a beat is, in ms by the given clock; null where its value is no time. Negative: the worker's clock is ahead. */
export function ageOfBeat({ value }: Heartbeat, now: Date): number | null {
  const seconds = value.trim() === '' ? Number.NaN : Number(value);
  return Math.abs(seconds) <= LATEST ? Math.round(now.getTime() - seconds * 1000) : null;
}

/**
 * True where a worker must be taken for alive: it beat within 90 s by this clock, or its key, which the server lets
 * expire 90 s after the beat, is still running. Either is enough, because a clock may be wrong, and because deleting under
 * a living worker is the worse mistake.
 */
export function isFresh(heartbeat: Heartbeat, now: Date): boolean {
  const age = ageOfBeat(heartbeat, now);
  const { expiresInMs } = heartbeat;
  return (age !== null && Math.abs(age) <= BEAT_MS) || (expiresInMs >= 0 && expiresInMs <= BEAT_MS);
}
