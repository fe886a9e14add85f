import { DENIED_COMMAND, loadScript, type Redis, runScript } from '@atf/core';
import type { PlacedEntry } from './queue-entries.js';

const MERGE_ENTRIES = loadScript(import.meta.url, DENIED_COMMAND, './merge-entries.lua');

/** What became of entries. */
export interface MergedEntries {
  put: number;
  there: number;
  /** Left out: their task is gone again. */
  taskless: number;
  /** What the key is where it is no list; then it was left alone. */
  otherType: string | undefined;
}

/**
 * Puts entries back into one list in one atomic step; an element that is there as often as it was is not added again.
 * `write` false: looks only. Cost: one call, which reads the list whole: 0.3 µs an element, 2 µs an entry.
 */
export async function mergeEntries(
  client: Redis,
  { list, entries }: { list: Buffer; entries: readonly PlacedEntry[] },
  { write }: { write: boolean },
): Promise<MergedEntries> {
  const [put, there, taskless, otherType] = await runScript<[number, number, number, Buffer]>(
    client,
    MERGE_ENTRIES,
    {
      keys: [list, ...entries.map(({ task }) => task)],
      args: [
        write ? '1' : '0',
        ...entries.flatMap(({ element, place, occurrence }) => [element, String(place), String(occurrence)]),
      ],
    },
  );
  return { put, there, taskless, otherType: otherType.length > 0 ? otherType.toString() : undefined };
}
