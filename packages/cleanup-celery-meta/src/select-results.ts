import { type Deps, loadReadingScript, Pacer, type Redis, runScript } from '@atf/core';
import { judgeAge } from './judge-age.js';
import { nameKey, noteMemory, type ResultCounts } from './result-counts.js';
import { scanResults } from './scan-results.js';

const READ_RESULTS = loadReadingScript(import.meta.url, './read-results.lua');
const READ_PART = loadReadingScript(import.meta.url, './read-part.lua');

/** One call parses and hashes at most so many bytes and keys. At full pace it blocks other clients for about 2 ms. */
const READ_BYTES = 65_536;
const READ_KEYS = 250;
/** A value that is too large for a script is read in parts of this size and parsed here. */
const PART_BYTES = 131_072;
/** A larger value is not read, and counts as undated. A usual result has some kilobytes. */
const LARGEST_READ = 8_000_000;

/** Which results are deleted. */
export interface Selection {
  /** Only results that were done before this Unix time in ms. Undefined: all. */
  before: number | undefined;
}

/** A result to delete. */
export interface Selected {
  key: Buffer;
  /** A hash of the judged value, made by the script. */
  hash: Buffer;
}

type Reply = [date: Buffer | null, state: Buffer, hash: Buffer, memory: number, bytes: number];

/**
 * Walks the results. It reads, judges and counts each, and yields the results to delete in batches of a bounded size.
 * Cost: that of `scanResults`, and one call for 64 kB of values. A larger value costs a call for each 128 kB.
 */
export async function* selectResults(
  deps: Pick<Deps, 'target' | 'signal' | 'pace' | 'scanned'>,
  counts: ResultCounts,
  { before }: Selection,
): AsyncGenerator<Selected[]> {
  const { client } = deps.target;
  const pacer = new Pacer({ pace: deps.pace, size: READ_BYTES, max: READ_BYTES });
  for await (const page of scanResults(deps, counts, { selectsAll: false })) {
    let rest = page;
    while (rest.length > 0) {
      deps.signal.throwIfAborted();
      const replies = await pacer.run((bytes, timer) =>
        runScript<(Reply | null)[]>(client, READ_RESULTS, {
          keys: rest.slice(0, READ_KEYS),
          args: [String(bytes)],
          timer,
        }),
      );
      const selected: Selected[] = [];
      for (const [i, reply] of replies.entries()) {
        const key = rest[i]!;
        if (reply === null) continue;
        const [date, state, hash, memory, bytes] = reply;
        const age =
          before === undefined
            ? 'older'
            : judgeAge(date?.toString() ?? (await readDate(client, key, bytes)), before);
        if (age !== 'older') {
          counts[age]++;
          continue;
        }
        counts.selected++;
        nameKey(counts.samples, key);
        noteMemory(counts, memory);
        if (state.toString() === 'STARTED') counts.started++;
        if (state.toString() === 'RETRY') counts.retrying++;
        selected.push({ key, hash });
      }
      rest = rest.slice(replies.length);
      if (selected.length > 0) yield selected;
    }
  }
}

/** The `date_done` of a large value as text; empty if it is missing, or if the value is too large. Cost: a call for 128 kB. */
async function readDate(client: Redis, key: Buffer, bytes: number): Promise<string> {
  if (bytes > LARGEST_READ) return '';
  const parts: Buffer[] = [];
  for (let from = 0; from < bytes; from += PART_BYTES) {
    const args = [String(from), String(from + PART_BYTES - 1)];
    parts.push(await runScript<Buffer>(client, READ_PART, { keys: [key], args }));
  }
  try {
    const result: unknown = JSON.parse(Buffer.concat(parts).toString());
    const date = (result as { date_done?: unknown } | null)?.date_done;
    return typeof date === 'string' ? date : '';
  } catch {
    return '';
  }
}

/** Counts the results to delete and the results to keep. Writes nothing. */
export async function surveyResults(deps: Deps, counts: ResultCounts, selection: Selection): Promise<void> {
  const update = () => deps.progress({ step: 'scan', what: 'Looking for results', done: counts.found });
  if (selection.before === undefined) {
    for await (const page of scanResults(deps, counts, { selectsAll: true })) {
      counts.selected += page.length;
      for (const key of page) nameKey(counts.samples, key);
      update();
    }
    return;
  }
  for await (const _ of selectResults(deps, counts, selection)) update();
}
