import {
  type Deps,
  formatTimestamp,
  loadReadingScript,
  type Redis,
  scanPages,
  TASK_SIGHTING,
} from '@atf/core';

const SCAN_UNFINISHED = loadReadingScript(import.meta.url, TASK_SIGHTING, './scan-unfinished.lua');

/** Keys of any name that one page looks at: blocks other clients for about 2 ms. */
const PAGE = 500;
const YEAR_ONE_MS = Date.UTC(2000, 0) - 63_082_281_600_000;

/** A page of tasks. */
export interface UnfinishedPage {
  /** Hashes of the page, of any state. */
  tasks: number;
  /** Of these, hashes without a state: they are defective. */
  stateless: number;
  /** Keys of tasks in the states P A F S D that may be old enough, each with its letter. */
  keys: Buffer[];
  letters: string;
}

/** What is too young to be judged. */
export interface Ages {
  activeTimeoutMs: number;
  pendingTimeoutMs: number;
}

/**
 * Walks all tasks and hands out those that are not at their end, but for those that were changed so lately that nothing
 * can be wrong. A key may come twice, as with SCAN. Cost: one call for 500 keys of the database, one or two HGET a task;
 * `content` and `result` are never read.
 */
export async function* scanUnfinished(
  { signal, now }: Pick<Deps, 'signal' | 'now'>,
  client: Redis,
  { activeTimeoutMs, pendingTimeoutMs }: Ages,
): AsyncGenerator<UnfinishedPage> {
  const dateBefore = (ms: number) => formatTimestamp(new Date(Math.max(now().getTime() - ms, YEAR_ONE_MS)));
  const pages = scanPages<[Buffer[], Buffer, number, number]>(client, SCAN_UNFINISHED, {
    count: PAGE,
    args: [dateBefore(pendingTimeoutMs), dateBefore(activeTimeoutMs)],
    signal,
  });
  for await (const [keys, letters, tasks, stateless] of pages) {
    yield { keys, letters: letters.toString(), tasks, stateless };
  }
}
