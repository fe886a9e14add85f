import { counterValue, type StateCounter } from '../model/counters.js';
import { counterKey } from '../model/keys.js';
import { TASK_STATES, type TaskState } from '../model/task-states.js';
import type { Snapshot } from './snapshot.js';

/** A counter next to the number of tasks that it should show. */
export interface CounterRow {
  state: TaskState;
  key: string;
  old: StateCounter;
  tasks: number;
  /** What must be added to the counter; undefined where it is no number. A missing counter stands for 0. */
  change: bigint | undefined;
}

/** Sets the counters of a snapshot against its tasks, in the order of TASK_STATES. */
export function compareCounters({ counters, counts }: Pick<Snapshot, 'counters' | 'counts'>): CounterRow[] {
  return TASK_STATES.map((state) => {
    const old = counters[state];
    const tasks = counts.states[state];
    const value = counterValue(old);
    const change = value === undefined ? undefined : BigInt(tasks) - value;
    return { state, key: counterKey(state), old, tasks, change };
  });
}

/** True where the counter says something else than the tasks. A missing counter of a state without tasks is right. */
export function isDrifted({ change }: CounterRow): boolean {
  return change !== 0n;
}

/** True where two looks found the same drift: what was added to each counter between them went with its tasks. */
export function isSameDrift(first: readonly CounterRow[], second: readonly CounterRow[]): boolean {
  return first.every((row, i) => row.change === second[i]!.change && sameText(row.old, second[i]!.old));
}

function sameText(first: StateCounter, second: StateCounter): boolean {
  if (first.kind !== 'text' || second.kind !== 'text') return true;
  return first.bytes.equals(second.bytes);
}
