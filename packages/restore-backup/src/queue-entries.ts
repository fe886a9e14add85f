import type { TaskRecord } from '@atf/core';

/** An entry and where it belongs. */
export interface PlacedEntry {
  element: Buffer;
  /** The key of its task. */
  task: Buffer;
  /** Place from the tail, 0 for the last one. */
  place: number;
  /** Which of the list's entries with this element it is, 1 for the one at the lowest place. */
  occurrence: number;
}

export interface PlacedList {
  list: Buffer;
  /** In ascending places. */
  entries: PlacedEntry[];
}

interface Gathered {
  element: Buffer;
  task: Buffer;
  fromTail: number;
  wanted: boolean;
}

/**
 * Gathers the list entries of a backup while its tasks are put back, for a list can only be put together when all of them
 * are known. Memory: some 200 bytes an entry.
 */
export class QueueEntries {
  readonly #lists = new Map<string, Gathered[]>();

  /**
   * Takes a task's entries. They are not wanted until the function that it returns is called, once the task is back; until
   * then they tell where the others belong.
   */
  add({ entries, task }: TaskRecord): () => void {
    const taskKey = Buffer.from(task.key, 'base64');
    const taken = entries.map(({ key, element, fromTail }) => {
      const gathered = { element: Buffer.from(element, 'base64'), task: taskKey, fromTail, wanted: false };
      const list = this.#lists.get(key);
      if (list) list.push(gathered);
      else this.#lists.set(key, [gathered]);
      return gathered;
    });
    return () => {
      for (const entry of taken) entry.wanted = true;
    };
  }

  /** The entries that are wanted, by list. */
  lists(): PlacedList[] {
    return Array.from(this.#lists, ([key, gathered]) => ({
      list: Buffer.from(key, 'base64'),
      entries: placed(gathered),
    })).filter(({ entries }) => entries.length > 0);
  }
}

/** Each place once, without those that stay away: what lies behind them moves up. */
function placed(gathered: Gathered[]): PlacedEntry[] {
  gathered.sort((a, b) => a.fromTail - b.fromTail || Number(b.wanted) - Number(a.wanted));
  const entries: PlacedEntry[] = [];
  const occurrences = new Map<string, number>();
  let away = 0;
  let last = -1;
  for (const { element, task, fromTail, wanted } of gathered) {
    if (fromTail === last) continue;
    last = fromTail;
    if (!wanted) {
      away++;
      continue;
    }
    const name = element.toString('latin1');
    const occurrence = (occurrences.get(name) ?? 0) + 1;
    occurrences.set(name, occurrence);
    entries.push({ element, task, place: fromTail - away, occurrence });
  }
  return entries;
}
