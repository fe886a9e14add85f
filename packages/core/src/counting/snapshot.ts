import type { StateCounter, StateCounters } from '../model/counters.js';
import { counterKey } from '../model/keys.js';
import type { OddKey, TaskCounts } from '../model/task-counts.js';
import { perState, TASK_STATES } from '../model/task-states.js';

/** The tasks and the state counters at one and the same moment. */
export interface Snapshot {
  counts: TaskCounts;
  counters: StateCounters;
  /** At most 100 of the keys that are in no state's count. */
  oddKeys: OddKey[];
}

/** Takes snapshots of the running system. Every snapshot is exact. */
export interface TaskCounter {
  /**
   * Takes a snapshot.
   * @throws AtfError `UNSTABLE` if the traffic allows no exact snapshot
   */
  take(): Promise<Snapshot>;
  /** Closes the connection that it has opened, if any. The next snapshot opens another one, and counts from the beginning. */
  close(): Promise<void>;
}

/** A snapshot names at most this many keys without a known state. */
export const ODD_KEYS_NAMED = 100;

/** KEYS of the scripts that read the state counters, in the order of TASK_STATES. */
export const COUNTER_KEYS = TASK_STATES.map(counterKey);

/** A state counter in a script's reply: its kind and its value, see `state-counter.lua`. */
export type CounterReply = [kind: Buffer, value?: Buffer];

export function countersOfReply(reply: readonly CounterReply[]): StateCounters {
  return perState((_, index) => counterOfReply(reply[index]!));
}

function counterOfReply([kind, value = Buffer.alloc(0)]: CounterReply): StateCounter {
  switch (kind.toString()) {
    case 'missing':
      return { kind: 'missing' };
    case 'integer':
      return { kind: 'integer', value: BigInt(value.toString()) };
    case 'text':
      return { kind: 'text', bytes: value };
    default:
      return { kind: 'wrong-type', type: value.toString() };
  }
}
