import { parseTimestamp } from '@atf/core';

/** How a result's age is judged: `undated` if its date is missing, unreadable, or Python's `datetime.min`. */
export type Age = 'older' | 'younger' | 'undated';

/** Judges a result by its `date_done`. `before` is Unix time in ms: what was done earlier is older. */
export function judgeAge(dateDone: string, before: number): Age {
  const timestamp = parseTimestamp(dateDone);
  if (!timestamp.ok || timestamp.year === 1) return 'undated';
  return timestamp.epochMs < before ? 'older' : 'younger';
}
