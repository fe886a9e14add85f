import { parseTimestamp } from '@atf/core';

/** `undated`: the date is missing, unreadable, or Python's `datetime.min`. */
export type Age = 'older' | 'younger' | 'undated';

/** Judges a result by its `date_done`. A result that was done before the Unix time `before`, in ms, is older. */
export function judgeAge(dateDone: string, before: number): Age {
  const timestamp = parseTimestamp(dateDone);
  if (!timestamp.ok || timestamp.year === 1) return 'undated';
  return timestamp.epochMs < before ? 'older' : 'younger';
}
