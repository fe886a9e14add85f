import {
  type Deps,
  formatTimestamp,
  KeyPage,
  loadReadingScript,
  type ObservedState,
  observedStatesOf,
  type PackedKeys,
  type Redis,
  scanPages,
} from '@atf/core';

const SCAN_UNFINISHED = loadReadingScript(import.meta.url, './scan-unfinished.lua');

/** Keys of any name that one page looks at at full pace: blocks other clients for about 2 ms. */
const PAGE = 500;
const YEAR_ONE_MS = Date.UTC(2000, 0) - 63_082_281_600_000;

/** What a key holds; `young`: a task that is too young to be judged. */
export type UnfinishedState = ObservedState | 'young';

/** A page of tasks. */
export interface UnfinishedPage {
  keys: KeyPage;
  states: UnfinishedState[];
}

/** What is too young to be judged. */
export interface Ages {
  activeTimeoutMs: number;
  pendingTimeoutMs: number;
}

/**
 * Walks all tasks, and tells those that were changed so lately that nothing can be wrong. A key may come twice, as with
 * SCAN. Cost: one call for some hundreds of keys of the database, one or two HGET a task;
 * `content` and `result` are never read.
 */
export async function* scanUnfinished(
  { signal, now, pace, scanned }: Pick<Deps, 'signal' | 'now' | 'pace' | 'scanned'>,
  client: Redis,
  { activeTimeoutMs, pendingTimeoutMs }: Ages,
): AsyncGenerator<UnfinishedPage> {
  const dateBefore = (ms: number) => formatTimestamp(new Date(Math.max(now().getTime() - ms, YEAR_ONE_MS)));
  const pages = scanPages<[PackedKeys, Buffer]>(client, SCAN_UNFINISHED, {
    count: PAGE,
    pace,
    args: [dateBefore(pendingTimeoutMs), dateBefore(activeTimeoutMs)],
    signal,
    scanned,
  });
  for await (const [keys, letters] of pages) {
    yield { keys: new KeyPage(keys, letters.length), states: statesOf(letters) };
  }
}

const YOUNG = '.'.charCodeAt(0);

function statesOf(letters: Buffer): UnfinishedState[] {
  const states: UnfinishedState[] = observedStatesOf(
    letters.map((letter) => (letter === YOUNG ? ABSENT : letter)),
  );
  for (const [i, letter] of letters.entries()) if (letter === YOUNG) states[i] = 'young';
  return states;
}
const ABSENT = '-'.charCodeAt(0);
