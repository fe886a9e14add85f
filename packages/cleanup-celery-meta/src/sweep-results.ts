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

/** Keys of any name that one SCAN looks at. */
const PAGE = 500;
/** SCANs in one call at full pace. Blocks other clients for about 3 ms. */
const PAGES = 4;
const MOST_PAGES = 8;

type Reply = [cursor: Buffer, deleted: number, expiring: number, bytes: number, measured: number];

/**
 * Deletes every result in one pass. One atomic step finds and deletes a page, so nothing has to be checked again. Keys that are no string stay. Cost: one call for some 2,000 keys of the database; values are not read.
 */
export async function sweepResults(deps: Deps, deletion: Deletion, lock: HeldLock): Promise<void> {
  const { counts } = deletion;
  const { client, description } = deps.target;
  const pacer = new Pacer({ pace: deps.pace, size: PAGES, max: MOST_PAGES });
  let cursor = '0';
  do {
    deps.signal.throwIfAborted();
    deletion.unanswered = PAGE * pacer.size;
    const [next, deleted, expiring, bytes, measured] = await pacer.run((pages) =>
      runUnderLock<Reply>(client, SWEEP_RESULTS, {
        lock,
        args: [
          cursor,
          String(PAGE),
          String(pages),
          CELERY_META_KEY_PATTERN,
          String(description.database),
          String(measurable(counts)),
        ],
      }),
    );
    deletion.unanswered = 0;
    cursor = next.toString();
    deps.scanned?.(scanFraction(cursor));
    counts.found += deleted;
    counts.selected += deleted;
    counts.expiring += expiring;
    counts.persistent += deleted - expiring;
    counts.measuredBytes += bytes;
    counts.measured += measured;
    deletion.deleted += deleted;
    deps.progress({ step: 'delete', what: 'Deleting results', done: deletion.deleted });
  } while (cursor !== '0');
}
