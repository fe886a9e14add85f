import type { RedisType } from './keyspace.js';
import type { PerState } from './task-states.js';

/** The value of a state counter in Redis, unchanged: `-3` is an integer and `abc` is text. */
export type StateCounter =
  | { kind: 'missing' }
  | { kind: 'integer'; value: bigint }
  | { kind: 'text'; bytes: Buffer }
  | { kind: 'wrong-type'; type: RedisType | string };

export type StateCounters = PerState<StateCounter>;

/** What a counter means to AsyncTaskFlow: a missing counter is 0. Text and keys of another type have no value. */
export function counterValue(counter: StateCounter): bigint | undefined {
  if (counter.kind === 'missing') return 0n;
  return counter.kind === 'integer' ? counter.value : undefined;
}
