import {
  type Deps,
  formatTimestamp,
  KeyPage,
  loadReadingScript,
  type NotedKeys,
  type ObservedState,
  observedStateOfLetter,
  type PackedKeys,
  scanPages,
} from '@atf/core';

const SCAN_UNFINISHED = loadReadingScript(import.meta.url, './scan-unfinished.lua');

/** Keys of any name that one page scans at full pace. Blocks other clients for about 2 ms. */
const PAGE = 500;
/** No task has an earlier date: Python's `datetime.min`. */
const YEAR_ONE_MS = Date.parse('0001-01-01T00:00:00Z');
/** What a key holds; `young`: a task that is too young to be judged; `future-active`: an ACTIVE task dated in the future. */
export type UnfinishedState = ObservedState | 'young' | 'future-active';
/** Letters that only this script returns, beside the letters of states. */
const OWN_LETTERS: Readonly<Record<number, UnfinishedState>> = {
  ['.'.charCodeAt(0)]: 'young',
  ['>'.charCodeAt(0)]: 'future-active',
};

/** Tasks and their states, in the same order. */
export interface UnfinishedTasks {
  keys: KeyPage;
  states: UnfinishedState[];
}

/** A page of the walk. */
export interface UnfinishedPage extends UnfinishedTasks {
  /** Keys of the broker, and heartbeats. */
  noted: NotedKeys;
}

/** Dates between which nothing can be wrong. */
export interface JudgedDates {
  pendingBefore: Date;
  activeBefore: Date;
  activeAfter: Date;
}

/**
 * Walks all keys. Yields all tasks with their states, and the keys of Celery's broker. A task that changed too recently to be wrong
 * is `young`. A key may come twice, as with SCAN. Cost: one call for some hundreds of keys of the database, and one or two HGET for
 * each task. `content` and `result` are never read.
 */
export async function* scanUnfinished(
  { target, signal, pace, scanned }: Pick<Deps, 'target' | 'signal' | 'pace' | 'scanned'>,
  { pendingBefore, activeBefore, activeAfter }: JudgedDates,
): AsyncGenerator<UnfinishedPage> {
  const dates = [pendingBefore, activeBefore, activeAfter];
  const args = dates.map((date) => formatTimestamp(new Date(Math.max(date.getTime(), YEAR_ONE_MS))));
  const options = { count: PAGE, pace, args, signal, scanned };
  const pages = scanPages<[PackedKeys, Buffer, NotedKeys]>(target.client, SCAN_UNFINISHED, options);
  for await (const [keys, letters, noted] of pages) {
    yield { keys: new KeyPage(keys, letters.length), states: statesOf(letters), noted };
  }
}

function statesOf(letters: Buffer): UnfinishedState[] {
  const states: UnfinishedState[] = [];
  for (const letter of letters) states.push(OWN_LETTERS[letter] ?? observedStateOfLetter(letter));
  return states;
}
