import type { Deps } from '../deps.js';
import type { Redis } from '../redis/client.js';
import { readListPage } from './list-page.js';
import { ID_LISTS } from './queue-keys.js';

const PAGE = 2_000;

/** A position of an id in a list. */
export interface Position {
  /** Which of {@link ID_LISTS}, from 0. */
  list: number;
  /** Counted from the tail, 0 for the last entry: queues grow and shrink at the head. */
  fromTail: number;
  /** Which of the wanted ids is there, from 0. */
  id: number;
}

/** Something that is looked for by one id or several. */
export interface Wanted {
  ids: readonly Buffer[];
}

/** The positions of each thing that was looked for; one that is in no list is absent. */
export type Positions<W extends Wanted> = Map<W, Position[]>;

/**
 * Finds where ids are in the lists. Each list is read once, whatever the number of ids. A key that is not a list has no
 * positions. Cost: a call for 2,000 entries; memory for a page and for the positions found.
 */
export async function findPositions<W extends Wanted>(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  wanted: readonly W[],
): Promise<Positions<W>> {
  const byId = new Map<string, [W, number][]>();
  for (const owner of wanted) {
    for (const [id, bytes] of owner.ids.entries()) addTo(byId, bytes.toString('latin1'), [owner, id]);
  }
  const positions: Positions<W> = new Map();
  if (byId.size === 0) return positions;
  for (const [list, key] of ID_LISTS.entries()) {
    for await (const { element, fromTail } of entriesFromTail(client, key)) {
      signal.throwIfAborted();
      for (const [owner, id] of byId.get(element.toString('latin1')) ?? []) {
        addTo(positions, owner, { list, fromTail, id });
      }
    }
  }
  return positions;
}

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

async function* entriesFromTail(
  client: Redis,
  key: string,
): AsyncGenerator<{ element: Buffer; fromTail: number }> {
  for (let from = 0; ; from += PAGE) {
    const page = await readListPage(client, key, [-from - PAGE, -from - 1]);
    if (!Array.isArray(page)) return;
    for (let i = page.length - 1; i >= 0; i--) {
      yield { element: page[i]!, fromTail: from + page.length - 1 - i };
    }
    if (page.length < PAGE) return;
  }
}
