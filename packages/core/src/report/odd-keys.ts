import { plainText } from '../model/plain-text.js';
import type { OddKey } from '../model/task-counts.js';
import type { ReportedOddKeys } from './reported-counters.js';

/** How many keys text output names; JSON has up to 100. */
const SHOWN = 20;

/** Keys that are in no state's count, as lines; none where there are none. */
export function oddKeyLines({ unknownState, missingState, notAHash, keys }: ReportedOddKeys): string[] {
  const total = unknownState + missingState + notAHash;
  if (total === 0) return [];
  const shown = keys.slice(0, SHOWN);
  const more = total - shown.length;
  return [
    '⚠️  In no counter:',
    ...(unknownState > 0 ? [`   Tasks with an unknown state: ${unknownState}`] : []),
    ...(missingState > 0 ? [`   Tasks without a state: ${missingState}`] : []),
    ...(notAHash > 0 ? [`   Keys that are no task hash: ${notAHash}`] : []),
    ...shown.map((odd) => `   - ${plainText(odd.key)}: ${oddity(odd)}`),
    ...(more > 0 ? [`   … and ${more} more`] : []),
  ];
}

function oddity({ observedState, label }: OddKey): string {
  if (observedState === 'missing-state') return 'no state';
  if (observedState === 'not-a-hash') return `no hash, but a ${plainText(label)}`;
  return `state ${JSON.stringify(plainText(label, 40))}`;
}
