import {
  CELERY_META_KEY_PATTERN,
  type Deps,
  type HeldLock,
  loadScript,
  Pacer,
  runUnderLock,
  scanFraction,
} from '@atf/core';
import type { Deletion } from './deletion.js';
import { measurable } from './result-counts.js';

const SWEEP_RESULTS = loadScript(import.meta.url, './sweep-results.lua');

/** How many keys of any name one call scans at full pace. It blocks other clients for about 3 ms, longer if results are large. */
const PAGE = 2_000;
const LARGEST_PAGE = 4_000;
/** Redis frees strings before it answers, at 0.2 ms for 4 MB. So calls begin small, and grow only if results are small. */
const SMALLEST_PAGE = 10;

type Reply = [cursor: Buffer, changes: number, savedAt: number, ...counts: number[]];

/**
 * Deletes every result in one pass. One atomic step finds and deletes a page, so nothing has to be checked again. Keys that are
 * not a string stay. Cost: one call for 10 to 4,000 keys of the database, fewer if results are large. It reads only the beginnings
 * of values.
 *
 * Returns true if no key of that name can be left. SCAN returns every key that is there from start to end. A key that came
 * later was written between two steps, and then the server has counted more changes than these deletions.
 */
export async function sweepResults(deps: Deps, deletion: Deletion, lock: HeldLock): Promise<boolean> {
  const { counts } = deletion;
  const { client, description } = deps.target;
  const pacer = new Pacer({
    pace: deps.pace,
    size: PAGE,
    first: SMALLEST_PAGE,
    min: SMALLEST_PAGE,
    max: LARGEST_PAGE,
  });
  let cursor = '0';
  let expected: { changes: number; savedAt: number } | undefined;
  let isNoneLeft = true;
  do {
    deps.signal.throwIfAborted();
    deletion.unanswered = 2 * pacer.size; // SCAN may return more keys than COUNT.
    const [next, changes, savedAt, ...numbers] = await pacer.run((count, timer) =>
      runUnderLock<Reply>(client, SWEEP_RESULTS, {
        lock,
        timer,
        args: [
          cursor,
          String(count),
          CELERY_META_KEY_PATTERN,
          String(description.database),
          String(measurable(counts)),
        ],
      }),
    );
    deletion.unanswered = 0;
    cursor = next.toString();
    deps.scanned?.(scanFraction(cursor));
    const [deleted = 0, expiring = 0, bytes = 0, measured = 0, started = 0, retrying = 0, notStrings = 0] =
      numbers;
    const isExpected = !expected || (changes === expected.changes && savedAt === expected.savedAt);
    isNoneLeft &&= changes >= 0 && isExpected && notStrings === 0;
    expected = { changes: changes + deleted, savedAt };
    counts.found += deleted;
    counts.selected += deleted;
    counts.expiring += expiring;
    counts.persistent += deleted - expiring;
    counts.measuredBytes += bytes;
    counts.measured += measured;
    counts.started += started;
    counts.retrying += retrying;
    deletion.deleted += deleted;
    deps.progress({ step: 'delete', what: 'Deleting results', done: deletion.deleted });
  } while (cursor !== '0');
  return isNoneLeft;
}
