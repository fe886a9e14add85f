import { type Deps, loadReadingScript, Pacer, runScript } from '@atf/core';
import { judgeAge } from './judge-age.js';
import { nameKey, type ResultCounts } from './result-counts.js';
import { scanResults } from './scan-results.js';

const READ_RESULTS = loadReadingScript(import.meta.url, './read-results.lua');

/** One call at full pace reads and hashes at most so many bytes and keys: it blocks other clients for about 3 ms. */
const READ_BYTES = 262_144;
const READ_KEYS = 500;
/** A larger value is not read, and so has no date: parsing 8 MB blocks other clients for a tenth of a second. */
const LARGEST_READ = 8_000_000;

/** Which results are to be deleted. */
export interface Selection {
  /** Unix time in ms: only results that were done before it. Undefined: all. */
  before: number | undefined;
}

/** A result to delete. */
export interface Selected {
  key: Buffer;
  /** SHA-1 of the value that was judged; `-` if it was too large to be read. */
  sha1: Buffer;
}

/**
 * Walks the results, reads and judges each, counts them, and yields those to delete in batches of a bounded size.
 * Cost: that of `scanResults`, and one call for 256 kB of values.
 */
export async function* selectResults(
  deps: Pick<Deps, 'target' | 'signal' | 'pace'>,
  counts: ResultCounts,
  selection: Selection,
): AsyncGenerator<Selected[]> {
  const pacer = new Pacer({ pace: deps.pace, size: READ_BYTES, max: READ_BYTES });
  for await (const page of scanResults(deps, counts)) {
    let rest = page;
    while (rest.length > 0) {
      deps.signal.throwIfAborted();
      const [dates, hashes] = await pacer.run((bytes) =>
        runScript<[Buffer[], Buffer[]]>(deps.target.client, READ_RESULTS, {
          keys: rest.slice(0, READ_KEYS),
          args: [String(bytes), String(LARGEST_READ)],
        }),
      );
      const batch = rest
        .slice(0, hashes.length)
        .map((key, i) => ({ key, sha1: hashes[i]!, date: dates[i]! }));
      rest = rest.slice(hashes.length);
      const selected = batch.filter((result) => result.sha1.length > 0 && note(counts, result, selection));
      if (selected.length > 0) yield selected;
    }
  }
}

function note(
  counts: ResultCounts,
  { key, date }: Selected & { date: Buffer },
  { before }: Selection,
): boolean {
  const age = before === undefined ? 'older' : judgeAge(date.toString(), before);
  if (age === 'older') {
    counts.selected++;
    nameKey(counts.samples, key);
  } else counts[age]++;
  return age === 'older';
}

/** Counts the results to delete and the kept ones. Writes nothing. */
export async function surveyResults(deps: Deps, counts: ResultCounts, selection: Selection): Promise<void> {
  const update = () => deps.progress({ step: 'scan', what: 'Looking for results', done: counts.found });
  if (selection.before === undefined) {
    for await (const page of scanResults(deps, counts)) {
      counts.selected += page.length;
      for (const key of page) nameKey(counts.samples, key);
      update();
    }
    return;
  }
  for await (const _ of selectResults(deps, counts, selection)) update();
}
