import {
  AtfError,
  CompactKeyMap,
  type Deps,
  DLQ_KEY,
  dlqTaskKey,
  loadReadingScript,
  type Redis,
  runScript,
} from '@atf/core';

const READ_LIST_PAGE = loadReadingScript(import.meta.url, './read-list-page.lua');

/** Entries of a page in the first attempt: each costs one HGET, so that other clients wait for about 2 ms. */
const PAGE = 1_000;
/** How far below the head the anchor lies: so many may be popped before the list must be read again. */
const MARGIN = 200;
const ATTEMPTS = 10;

/** An entry by which it is known that all between it and the tail is as it was. */
export interface Anchor {
  id: Buffer;
  fromTail: number;
}

/** An id that was met in a list, where that may be wrong. */
export interface OddEntry {
  id: Buffer;
  /** Of its task: see read-list-page.lua. */
  letter: string;
  /** True where the list held it already, nearer to the tail. */
  again: boolean;
}

/** A list as it was looked at. */
export interface ListLook {
  key: string;
  /** The type of a key that is no list; such a key counts as empty. */
  foreignType: string | undefined;
  /** Each id that was met. */
  ids: CompactKeyMap;
  /** Undefined for a short list. */
  anchor: Anchor | undefined;
  /** Entries of tasks that are gone or in no right state, and ids that were met before, here or in the twin. */
  odd: OddEntry[];
}

/** Which list to read. */
export interface WantedList {
  key: string;
  /** Letters of the tasks that may stand in it. */
  right: string;
  /** Ids that are to be in no other list. */
  twin?: CompactKeyMap;
}

/**
 * Reads a list of ids, each with the state of its task, from the tail on, because queues grow and shrink at the head. Each
 * page overlaps the one before by an entry; where that is another by then, somebody took entries out of the middle, and
 * the list is read anew. Cost: a call for 1,000 entries, fewer and larger ones in each further attempt; memory of 16 bytes an entry.
 * @throws AtfError `UNSTABLE` where it never stands still
 */
export async function readList(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  wanted: WantedList,
): Promise<ListLook> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Pages that double come to hold the whole list, and then there is nothing between them to change.
    const look = await tryReadList(deps, client, { ...wanted, page: PAGE * 2 ** attempt });
    if (look) return look;
  }
  throw new AtfError('UNSTABLE', `no stable look at ${wanted.key}`, {
    why: `entries were taken out of its middle again and again, in each of ${ATTEMPTS} attempts`,
    hint: 'Run it again when less is deleted.',
  });
}

/** Undefined where the list did not stand still. */
async function tryReadList(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  { key, right, twin, page }: WantedList & { page: number },
): Promise<ListLook | undefined> {
  const look: ListLook = {
    key,
    foreignType: undefined,
    ids: new CompactKeyMap(),
    anchor: undefined,
    odd: [],
  };
  let lastTwo: Entry[][] = [];
  for (let from = 0, boundary: Entry | undefined; ; ) {
    signal.throwIfAborted();
    const entries = await readPage(client, key, { from, page });
    if ('foreignType' in entries) return { ...look, ...entries };
    const [first] = entries;
    if (boundary && first && !first.id.equals(boundary.id)) return undefined;
    const fresh = boundary ? entries.slice(1) : entries;
    for (const { id, letter } of fresh) {
      const again = look.ids.note(id, 1) !== 0;
      const isElsewhere = twin !== undefined && twin.codeOf(id) !== 0;
      if (again || isElsewhere || !right.includes(letter)) look.odd.push({ id, letter, again });
    }
    lastTwo = [...lastTwo.slice(-1), fresh];
    if (entries.length < page) {
      look.anchor = anchorIn(lastTwo.flat(), from + entries.length);
      return look;
    }
    from += entries.length - 1;
    boundary = entries.at(-1);
  }
}

/** An id in a list, and the letter of its task: see read-list-page.lua. */
type Entry = Pick<OddEntry, 'id' | 'letter'>;

/** Up to `page` entries of a list, `from` places away from its tail and on towards its head. */
async function readPage(
  client: Redis,
  key: string,
  { from, page }: { from: number; page: number },
): Promise<Entry[] | { foreignType: string }> {
  const copies = key === DLQ_KEY ? dlqTaskKey('') : '';
  const reply = await runScript<[Buffer] | [Buffer[], Buffer]>(client, READ_LIST_PAGE, {
    keys: [key],
    args: [String(from), String(page), copies],
  });
  if (reply.length === 1) return { foreignType: reply[0].toString() };
  const [ids, letters] = [reply[0], reply[1].toString()];
  return ids.map((id, i) => ({ id, letter: letters[i]! })).reverse();
}

/** The entry that lies {@link MARGIN} below the head; `last` ends with the head. */
function anchorIn(last: readonly Entry[], length: number): Anchor | undefined {
  const entry = last[last.length - 1 - MARGIN];
  return entry ? { id: entry.id, fromTail: length - 1 - MARGIN } : undefined;
}
