import {
  type Deps,
  formatTimestamp,
  KeyPage,
  loadReadingScript,
  type ObservedState,
  observedStatesOf,
  type PackedKeys,
  scanPages,
} from '@atf/core';

const SCAN_UNFINISHED = loadReadingScript(import.meta.url, './scan-unfinished.lua');

/** Keys of any name that one page looks at at full pace: blocks other clients for about 2 ms. */
const PAGE = 500;
const YEAR_ONE_MS = Date.UTC(2000, 0) - 63_082_281_600_000;
/** Letters of the script for what is not in observed-state.lua. */
const OWN_LETTERS = { '.': 'young', '>': 'future-active' } as const;

/** What a key holds; `young`: a task that is too young to be judged; `future-active`: an ACTIVE task dated in the future. */
export type UnfinishedState = ObservedState | (typeof OWN_LETTERS)[keyof typeof OWN_LETTERS];

/** A page of tasks. */
export interface UnfinishedPage {
  keys: KeyPage;
  states: UnfinishedState[];
}

/** Dates between which nothing can be wrong. */
export interface JudgedDates {
  pendingBefore: Date;
  activeBefore: Date;
  activeAfter: Date;
}

/**
 * Walks all tasks, and names those that were changed so recently that nothing can be wrong. A key may come twice, as with
 * SCAN. Cost: one call for some hundreds of keys of the database, one or two HGET for each task; `content` and `result` are never
 * read.
 */
export async function* scanUnfinished(
  { target, signal, pace, scanned }: Pick<Deps, 'target' | 'signal' | 'pace' | 'scanned'>,
  { pendingBefore, activeBefore, activeAfter }: JudgedDates,
): AsyncGenerator<UnfinishedPage> {
  const dates = [pendingBefore, activeBefore, activeAfter];
  const args = dates.map((date) => formatTimestamp(new Date(Math.max(date.getTime(), YEAR_ONE_MS))));
  const options = { count: PAGE, pace, args, signal, scanned };
  for await (const [keys, letters] of scanPages<[PackedKeys, Buffer]>(
    target.client,
    SCAN_UNFINISHED,
    options,
  )) {
    yield { keys: new KeyPage(keys, letters.length), states: statesOf(letters) };
  }
}

function statesOf(letters: Buffer): UnfinishedState[] {
  const own = letters.toString('latin1').replace(/[.>]/g, '-');
  const states: UnfinishedState[] = observedStatesOf(Buffer.from(own, 'latin1'));
  for (const [i, byte] of letters.entries()) {
    const state = OWN_LETTERS[String.fromCharCode(byte) as keyof typeof OWN_LETTERS];
    if (state) states[i] = state;
  }
  return states;
}
