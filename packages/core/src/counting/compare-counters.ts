import { counterValue, type StateCounter } from '../model/counters.js';
import { counterKey } from '../model/keys.js';
import { TASK_STATES, type TaskState } from '../model/task-states.js';
import type { Snapshot } from './snapshot.js';

/** A counter and the number of tasks that it should show. */
export interface CounterRow {
  state: TaskState;
  key: string;
  old: StateCounter;
  tasks: number;
  /** What must be added to the counter. It is undefined if the counter is no number. A missing counter is 0. */
  change: bigint | undefined;
}

/** Compares the counters of a snapshot with its tasks, in the order of TASK_STATES. */
export function compareCounters({ counters, counts }: Pick<Snapshot, 'counters' | 'counts'>): CounterRow[] {
  return TASK_STATES.map((state) => {
    const old = counters[state];
    const tasks = counts.states[state];
    const value = counterValue(old);
    const change = value === undefined ? undefined : BigInt(tasks) - value;
    return { state, key: counterKey(state), old, tasks, change };
  });
}

/** True if the counter differs from the tasks. A missing counter of a state without tasks is right. */
export function isDrifted({ change }: CounterRow): boolean {
  return change !== 0n;
}

/** True if two snapshots have the same drift. Then counters and tasks changed together between them. */
export function isSameDrift(first: readonly CounterRow[], second: readonly CounterRow[]): boolean {
  return first.every((row, i) => row.change === second[i]!.change && sameText(row.old, second[i]!.old));
}

function sameText(first: StateCounter, second: StateCounter): boolean {
  if (first.kind !== 'text' || second.kind !== 'text') return true;
  return first.bytes.equals(second.bytes);
}

/** True if the counter's key holds no string. It is left alone: its content may belong to somebody. */
export function isWrongType({ old }: CounterRow): boolean {
  return old.kind === 'wrong-type';
}

/** True if no counter exists. Newer versions of AsyncTaskFlow keep none. */
export function hasNoCounters(rows: readonly CounterRow[]): boolean {
  return rows.every(({ old }) => old.kind === 'missing');
}
