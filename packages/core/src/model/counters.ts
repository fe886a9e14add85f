import type { RedisType } from './keyspace.js';
import type { PerState } from './task-states.js';

/**
 * A state counter as it stands in Redis. Nothing is repaired in reading: `-3` is an integer, `abc` is text, and a
 * key of another type has the wrong type.
 */
export type StateCounter =
  | { kind: 'missing' }
  | { kind: 'integer'; value: bigint }
  | { kind: 'text'; bytes: Buffer }
  | { kind: 'wrong-type'; type: RedisType | string };

export type StateCounters = PerState<StateCounter>;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** True where Redis can add the number: `INCRBY` takes signed 64-bit integers. */
export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/**
 * Reads a counter's string the way `INCRBY` does: a plain decimal integer of 64 bits without leading zeros, signs
 * other than `-` or blanks. What `INCRBY` would refuse is text.
 */
export function parseCounter(bytes: Buffer | null): StateCounter {
  if (bytes === null) return { kind: 'missing' };
  const raw = bytes.toString('latin1');
  if (/^(0|-?[1-9]\d{0,18})$/.test(raw)) {
    const value = BigInt(raw);
    if (isInt64(value)) return { kind: 'integer', value };
  }
  return { kind: 'text', bytes };
}

/** What the counter means to AsyncTaskFlow: a missing one is 0; text and keys of another type mean nothing. */
export function counterValue(counter: StateCounter): bigint | undefined {
  if (counter.kind === 'missing') return 0n;
  return counter.kind === 'integer' ? counter.value : undefined;
}
