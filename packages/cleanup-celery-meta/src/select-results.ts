import { type Deps, loadReadingScript, Pacer, runScript } from '@atf/core';
import { judgeAge } from './judge-age.js';
import { nameKey, type ResultCounts } from './result-counts.js';
import { scanResults } from './scan-results.js';

const READ_RESULTS = loadReadingScript(import.meta.url, './read-results.lua');

/**
 * Bytes of values that one call reads and hashes at full pace, and of how many keys: blocks other clients for about 3 ms,
 * or as long as one value needs.
 */
const READ_BYTES = 262_144;
const READ_KEYS = 500;
/**
 * What is larger is not read, and so has no date: parsing 8 MB blocks other clients for a tenth of a second. A result of
 * Celery has some kilobytes.
 */
const LARGEST_READ = 8_000_000;

/** Which results are to be deleted. */
export interface Selection {
  /** Unix time in ms: only results that were done before. Undefined: all. */
  before: number | undefined;
}

/** A result that is to be deleted, and the mark of the value that was judged. */
export interface Selected {
  key: Buffer;
  /** SHA-1 of the value; `-` where that was too large to be read. */
  sha1: Buffer;
}

/**
 * Walks the results, reads and judges each, and yields those that are to be deleted, in batches of a bounded size.
 * Counts all it sees. Cost: beside that of `scanResults`, one call for 256 kB of values.
 */
export async function* selectResults(
  deps: Pick<Deps, 'target' | 'signal' | 'pace'>,
  counts: ResultCounts,
  selection: Selection,
): AsyncGenerator<Selected[]> {
  const pacer = new Pacer(deps.target.client, { pace: deps.pace, size: READ_BYTES, max: READ_BYTES });
  for await (const page of scanResults(deps, counts)) {
    let rest = page;
    while (rest.length > 0) {
      deps.signal.throwIfAborted();
      const [dates, marks] = await pacer.run((bytes) =>
        runScript<[Buffer[], Buffer[]]>(deps.target.client, READ_RESULTS, {
          keys: rest.slice(0, READ_KEYS),
          args: [String(bytes), String(LARGEST_READ)],
        }),
      );
      const batch = rest.slice(0, marks.length).map((key, i) => ({ key, sha1: marks[i]!, date: dates[i]! }));
      rest = rest.slice(marks.length);
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

/** Counts the results, those to be deleted and those to be kept, and writes nothing. */
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
