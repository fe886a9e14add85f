import { BINARY, type Deps, DLQ_KEY, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, type Redis } from '@atf/core';
import type { Suspect } from './suspect.js';

/** The lists that hold ids, in the order that the scripts number them, from 1. */
export const LISTS = [PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, DLQ_KEY] as const;

const PAGE = 2_000;

/** A place of a task's id in a list. */
export interface Place {
  /** Which of {@link LISTS}, from 0. */
  list: number;
  /** Counted from the tail, 0 for the last: queues grow and shrink at the head. */
  fromTail: number;
  /** Which of the suspect's ids stands there, from 0. */
  id: number;
}

/** The places of each suspect; one that is in no list is absent. */
export type Places = Map<Suspect, Place[]>;

/**
 * Finds where the suspects stand in the lists. Each list is read once, whatever the number of suspects. A list's key that
 * is no list has no places. Cost: a call for 2,000 entries; memory for a page and for the places found.
 */
export async function findPlaces(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  suspects: readonly Suspect[],
): Promise<Places> {
  const wanted = new Map<string, [Suspect, number][]>();
  for (const suspect of suspects) {
    for (const [id, bytes] of suspect.ids.entries()) {
      const text = bytes.toString('latin1');
      const same = wanted.get(text);
      if (same) same.push([suspect, id]);
      else wanted.set(text, [[suspect, id]]);
    }
  }
  const places: Places = new Map();
  if (wanted.size === 0) return places;
  for (const [list, key] of LISTS.entries()) {
    for await (const { element, fromTail } of entriesFromTail(client, key)) {
      signal.throwIfAborted();
      for (const [suspect, id] of wanted.get(element.toString('latin1')) ?? []) {
        const place = { list, fromTail, id };
        const others = places.get(suspect);
        if (others) others.push(place);
        else places.set(suspect, [place]);
      }
    }
  }
  return places;
}

async function* entriesFromTail(
  client: Redis,
  key: string,
): AsyncGenerator<{ element: Buffer; fromTail: number }> {
  if ((await client.type(key)) !== 'list') return;
  for (let from = 0; ; from += PAGE) {
    const page = await client.sendCommand<Buffer[]>(
      ['LRANGE', key, String(-from - PAGE), String(-from - 1)],
      BINARY,
    );
    for (let i = page.length - 1; i >= 0; i--) {
      yield { element: page[i]!, fromTail: from + page.length - 1 - i };
    }
    if (page.length < PAGE) return;
  }
}
