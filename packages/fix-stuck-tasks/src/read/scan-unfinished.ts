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

/** Keys of any name that one page looks at at full pace: blocks other clients for about 2 ms. */
const PAGE = 500;
const YEAR_ONE_MS = Date.parse('0001-01-01T00:00:00Z');
/** What a key holds; `young`: a task that is too young to be judged; `future-active`: an ACTIVE task dated in the future. */
export type UnfinishedState = ObservedState | 'young' | 'future-active';
/** Letters of the script that are not in observed-state.lua. */
const OWN_LETTERS = new Map<number, UnfinishedState>([
  ['.'.charCodeAt(0), 'young'],
  ['>'.charCodeAt(0), 'future-active'],
]);

/** Some tasks. */
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
 * Walks all keys: all tasks, of which it names those that were changed so recently that nothing can be wrong, and the keys of
 * Celery's broker. A key may come twice, as with SCAN. Cost: one call for some hundreds of keys of the database, one or two HGET
 * for each task; `content` and `result` are never read.
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

const statesOf = (letters: Buffer): UnfinishedState[] =>
  Array.from(letters, (letter) => OWN_LETTERS.get(letter) ?? observedStateOfLetter(letter));
