import { loadReadingScript, type Redis, runScript } from '@atf/core';
import type { ArrayField } from './append-entry.js';

const READ_HISTORIES = loadReadingScript(import.meta.url, './read-histories.lua');
/** Larger histories are not extended, because other clients would wait meanwhile. */
const HISTORY_BYTES = 1_000_000;
const BATCH = 10;

/** The two histories of a task. */
export interface Histories {
  error: ArrayField;
  state: ArrayField;
}

/** Reads the histories of some tasks, in their order. Cost: a call for 10. */
export async function readHistories(client: Redis, keys: readonly Buffer[]): Promise<Histories[]> {
  const histories: Histories[] = [];
  for (let from = 0; from < keys.length; from += BATCH) {
    const batch = keys.slice(from, from + BATCH);
    const found = await runScript<(Buffer | null | 1)[]>(client, READ_HISTORIES, {
      args: [String(HISTORY_BYTES), ...batch],
    });
    batch.forEach((_, i) => {
      histories.push({ error: fieldOf(found[2 * i]), state: fieldOf(found[2 * i + 1]) });
    });
  }
  return histories;
}

const fieldOf = (value: Buffer | null | 1 | undefined): ArrayField =>
  value === 1 ? 'too-large' : (value ?? undefined);
