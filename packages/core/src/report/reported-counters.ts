import * as z from 'zod';
import type { CounterRow } from '../counting/compare-counters.js';
import type { StateCounter } from '../model/counters.js';
import { keyName } from '../model/key-name.js';
import { plainText } from '../model/plain-text.js';
import { TASK_STATES } from '../model/task-states.js';
import { table } from './table.js';

/** A counter as reports show it. */
export const reportedCounterSchema = z.strictObject({
  state: z.enum(TASK_STATES),
  key: z.string(),
  /** What the key held: `wrong-type` means that it holds no string. */
  kind: z.enum(['missing', 'integer', 'text', 'wrong-type']),
  /** The old value, at most 1,000 characters of it. It is null for a missing counter, and the type of a key of the wrong type. */
  old: z.string().nullable(),
  /** The number of tasks in the state. */
  new: z.int().nonnegative(),
  /** new - old, exact up to 2^53. It is null if old is no number. */
  change: z.number().nullable(),
});
export type ReportedCounter = z.output<typeof reportedCounterSchema>;

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

function oldText(old: StateCounter): string | null {
  if (old.kind === 'missing') return null;
  if (old.kind === 'integer') return String(old.value);
  return old.kind === 'text' ? keyName(old.bytes) : old.type;
}

/**
 * The table of the counters, in the layout that operators' scripts read: State, Old, New, Change. With `missingIsZero`,
 * a missing counter of a state without tasks shows as 0.
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

/** The change with its sign. It is `reset` for a counter that is no number, and `-` for a key that is left alone. */
export function changeText({ kind, old, new: tasks }: ReportedCounter): string {
  if (kind === 'wrong-type') return '-';
  if (kind === 'text') return 'reset';
  const change = BigInt(tasks) - BigInt(old ?? 0);
  return change > 0n ? `+${change}` : String(change);
}

/** A change as an item of a list: `ACTIVE: -1`. */
export function changeLine(counter: ReportedCounter): string {
  if (counter.change !== null) return `   - ${counter.state}: ${changeText(counter)}`;
  return `   - ${counter.state}: ${JSON.stringify(plainText(counter.old ?? '', 24))} -> ${counter.new}`;
}

/** A line for each counter that is left alone because its key holds no string. */
export function wrongTypeCounterLines(counters: readonly ReportedCounter[]): string[] {
  return counters
    .filter(({ kind }) => kind === 'wrong-type')
    .map(
      ({ key, old }) =>
        `⚠️  Left alone: ${key} is a ${old}, no counter. Rename or delete it, then run this again.`,
    );
}
