import type { CounterRow } from '../counting/compare-counters.js';
import type { StateCounter } from '../model/counters.js';
import { keyName } from '../model/key-name.js';
import { plainText } from '../model/plain-text.js';
import type { OddKey, TaskCounts } from '../model/task-counts.js';
import type { TaskState } from '../model/task-states.js';
import { table } from './table.js';

/** A counter as reports show it. */
export interface ReportedCounter {
  state: TaskState;
  key: string;
  /** What stood there: `wrong-type` is a key that is no string. */
  kind: StateCounter['kind'];
  /** The counter as it was, to the letter (cut at 1,000); null where it was missing; the type where it is another. */
  old: string | null;
  /** The number of tasks in the state. */
  new: number;
  /** new - old, exact up to 2^53; null where old is no number. */
  change: number | null;
}

/** Keys that are in no state's count. */
export interface ReportedOddKeys {
  unknownState: number;
  missingState: number;
  notAHash: number;
  /** Some of them, 100 at the most. */
  keys: OddKey[];
}

export function reportedCounter({ state, key, old, tasks, change }: CounterRow): ReportedCounter {
  return {
    state,
    key,
    kind: old.kind,
    old: oldText(old),
    new: tasks,
    change: change === undefined ? null : Number(change),
  };
}

export function reportedOddKeys(
  { unknownState, missingState, notAHash }: TaskCounts,
  keys: OddKey[],
): ReportedOddKeys {
  return { unknownState, missingState, notAHash, keys };
}

function oldText(old: StateCounter): string | null {
  if (old.kind === 'missing') return null;
  if (old.kind === 'integer') return String(old.value);
  return old.kind === 'text' ? keyName(old.bytes) : old.type;
}

/**
 * The table of the counters, in the layout that operators' scripts read: State, Old, New, Change. A missing counter
 * of a state without tasks shows as `missing`, or as the 0 that it stands for where that is all right with the tool.
 */
export function counterTable(
  counters: readonly ReportedCounter[],
  { missingIsZero }: { missingIsZero: boolean },
): string[] {
  const columns = [
    { heading: 'State', width: 12 },
    { heading: 'Old', width: 6 },
    { heading: 'New', width: 6 },
    { heading: 'Change', width: 8 },
  ];
  const rows = counters.map((counter) => [
    counter.state,
    missingIsZero && counter.kind === 'missing' && counter.new === 0 ? '0' : oldCell(counter),
    String(counter.new),
    changeText(counter),
  ]);
  return table(columns, rows).map((line) => `   ${line}`);
}

function oldCell({ kind, old }: ReportedCounter): string {
  if (kind === 'missing') return 'missing';
  if (kind === 'wrong-type') return `(${old})`;
  return old === '' ? '""' : plainText(old!, 24);
}

/** The change with its sign; what is no number is `reset`, what is left alone is `-`. */
export function changeText({ kind, old, new: tasks }: ReportedCounter): string {
  if (kind === 'wrong-type') return '-';
  if (kind === 'text') return 'reset';
  const change = BigInt(tasks) - BigInt(old ?? 0);
  return change > 0n ? `+${change}` : String(change);
}

/** A change in a list: `ACTIVE: -1`. */
export function changeLine(counter: ReportedCounter): string {
  if (counter.change !== null) return `   - ${counter.state}: ${changeText(counter)}`;
  return `   - ${counter.state}: ${JSON.stringify(plainText(counter.old ?? '', 24))} -> ${counter.new}`;
}

/** Counters that are left alone because their key holds something else, as lines. */
export function wrongTypeCounterLines(counters: readonly ReportedCounter[]): string[] {
  return counters
    .filter(({ kind }) => kind === 'wrong-type')
    .map(
      ({ key, old }) =>
        `⚠️  Left alone: ${key} is a ${old}, no counter. Rename or delete it, then run this again.`,
    );
}
