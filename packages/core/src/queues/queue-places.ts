import type { Deps } from '../deps.js';
import { DLQ_KEY, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY } from '../model/keys.js';
import type { Redis } from '../redis/client.js';
import { loadReadingScript, runScript } from '../redis/script.js';

const LIST_PAGE = loadReadingScript(import.meta.url, './list-page.lua');

/** The lists that hold ids, in the order that the scripts number them, from 1. */
export const ID_LISTS = [PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, DLQ_KEY] as const;

const PAGE = 2_000;

/** A place of a task's id in a list. */
export interface Place {
  /** Which of {@link ID_LISTS}, from 0. */
  list: number;
  /** Counted from the tail, 0 for the last: queues grow and shrink at the head. */
  fromTail: number;
  /** Which of the ids stands there, from 0. */
  id: number;
}

/** What is looked for: something that one id or several stand for. */
export interface Sought {
  ids: readonly Buffer[];
}

/** The places of each that was sought; one that is in no list is absent. */
export type Places<S extends Sought> = Map<S, Place[]>;

/**
 * Finds where ids stand in the lists. Each list is read once, whatever the number of ids. A list's key that
 * is no list has no places. Cost: a call for 2,000 entries; memory for a page and for the places found.
 */
export async function findPlaces<S extends Sought>(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  sought: readonly S[],
): Promise<Places<S>> {
  const wanted = new Map<string, [S, number][]>();
  for (const one of sought) {
    for (const [id, bytes] of one.ids.entries()) {
      const text = bytes.toString('latin1');
      const same = wanted.get(text);
      if (same) same.push([one, id]);
      else wanted.set(text, [[one, id]]);
    }
  }
  const places: Places<S> = new Map();
  if (wanted.size === 0) return places;
  for (const [list, key] of ID_LISTS.entries()) {
    for await (const { element, fromTail } of entriesFromTail(client, key)) {
      signal.throwIfAborted();
      for (const [one, id] of wanted.get(element.toString('latin1')) ?? []) {
        const place = { list, fromTail, id };
        const others = places.get(one);
        if (others) others.push(place);
        else places.set(one, [place]);
      }
    }
  }
  return places;
}

async function* entriesFromTail(
  client: Redis,
  key: string,
): AsyncGenerator<{ element: Buffer; fromTail: number }> {
  for (let from = 0; ; from += PAGE) {
    const page = await runScript<Buffer[]>(client, LIST_PAGE, {
      keys: [key],
      args: [String(-from - PAGE), String(-from - 1)],
    });
    for (let i = page.length - 1; i >= 0; i--) {
      yield { element: page[i]!, fromTail: from + page.length - 1 - i };
    }
    if (page.length < PAGE) return;
  }
}
