import * as z from 'zod';
import { plainText } from '../model/plain-text.js';
import type { OddKey, TaskCounts } from '../model/task-counts.js';
import { listLines } from './list-lines.js';

/** The keys under `task:` that are in no state's count. */
export const reportedOddKeysSchema = z.strictObject({
  unknownState: z.int().nonnegative(),
  missingState: z.int().nonnegative(),
  notAHash: z.int().nonnegative(),
  /** At most 100 of them. */
  keys: z.array(
    z.strictObject({
      key: z.string(),
      observedState: z.enum(['unknown-state', 'missing-state', 'not-a-hash']),
      label: z.string(),
    }),
  ),
});
export type ReportedOddKeys = z.output<typeof reportedOddKeysSchema>;

export function reportedOddKeys(
  { unknownState, missingState, notAHash }: TaskCounts,
  keys: OddKey[],
): ReportedOddKeys {
  return { unknownState, missingState, notAHash, keys };
}

/** The text names at most this many keys. JSON has up to 100. */
const SHOWN = 20;

/** Lines about the keys that are in no state's count. There are no lines if there are no such keys. */
export function oddKeyLines({ unknownState, missingState, notAHash, keys }: ReportedOddKeys): string[] {
  const total = unknownState + missingState + notAHash;
  if (total === 0) return [];
  return [
    '⚠️  In no counter:',
    ...(unknownState > 0 ? [`   Tasks with an unknown state: ${unknownState}`] : []),
    ...(missingState > 0 ? [`   Tasks without a state: ${missingState}`] : []),
    ...(notAHash > 0 ? [`   Keys that are no task hash: ${notAHash}`] : []),
    ...listLines(keys, (odd) => `${plainText(odd.key)}: ${oddity(odd)}`, { shown: SHOWN, total }),
  ];
}

function oddity({ observedState, label }: OddKey): string {
  if (observedState === 'missing-state') return 'no state';
  if (observedState === 'not-a-hash') return `no hash, but a ${plainText(label)}`;
  return `state ${JSON.stringify(plainText(label, 40))}`;
}
