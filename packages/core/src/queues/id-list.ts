import { CompactKeyMap } from '../counting/compact-key-map.js';
import { observedStatesOf } from '../counting/observed-state.js';
import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { DLQ_KEY, dlqTaskKey } from '../model/keys.js';
import { OBSERVED_STATES, type ObservedState } from '../model/task-counts.js';
import type { Redis } from '../redis/client.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { DoubtfulEntries, type DoubtfulEntry } from './doubtful-entries.js';

const ID_LIST_PAGE = loadReadingScript(import.meta.url, './id-list-page.lua');
const NEWER_ENTRIES = loadReadingScript(import.meta.url, './read-newer-entries.lua');

/** Entries of a page in the first attempt: each costs one HGET, so that other clients wait for about 2 ms. */
const PAGE = 1_000;
/** How far below the head the anchor is: so many entries may be popped before the list must be read again. */
const MARGIN = 200;
const ATTEMPTS = 10;
/** New entries that are read in one call; if there are more, the list is read page by page. */
export const MAX_NEWER = 5_000;

/** An entry that shows, while it stays where it is, that everything between it and the tail is as it was. */
interface Anchor {
  id: Buffer;
  fromTail: number;
}

/** A list of ids as it was read. */
export interface IdList {
  key: string;
  /** The type of a key that is not a list; such a key counts as empty. */
  wrongType: string | undefined;
  ids: CompactKeyMap;
  /** Undefined for a short list. */
  anchor: Anchor | undefined;
  /** Entries whose task is gone or in a wrong state, and ids that were met before, here or in the twin. */
  doubtful: DoubtfulEntries;
}

/** Which list to read. */
export interface WantedList {
  key: string;
  /** What may be at the key of a task in this list. */
  expected: readonly ObservedState[];
  /** Ids that may be in no other list. */
  twin?: CompactKeyMap;
}

/**
 * Reads a list of ids, each with the state of its task. It starts at the tail, because queues grow and shrink at the head.
 * Each page overlaps the one before by an entry. If that entry is another one by then, somebody removed entries from the
 * middle, and the list is read again. Cost: a call for 1,000 entries, fewer and larger ones in each further attempt; memory of
 * 16 bytes for each entry.
 * @throws AtfError `UNSTABLE` if no attempt succeeds
 */
export async function readIdList(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  wanted: WantedList,
): Promise<IdList> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Pages that double come to hold the whole list. Then there is nothing between them to change.
    const list = await tryToRead(deps, client, { ...wanted, page: PAGE * 2 ** attempt });
    if (list) return list;
  }
  throw new AtfError('UNSTABLE', `no stable look at ${wanted.key}`, {
    why: `entries were taken out of its middle again and again, in each of ${ATTEMPTS} attempts`,
    hint: 'Run it again when less is deleted.',
  });
}

/** Undefined if the list changed between two pages. */
async function tryToRead(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  { key, expected, twin, page }: WantedList & { page: number },
): Promise<IdList | undefined> {
  const list: IdList = {
    key,
    wrongType: undefined,
    ids: new CompactKeyMap(),
    anchor: undefined,
    doubtful: new DoubtfulEntries(),
  };
  let lastTwo: Entry[][] = [];
  for (let from = 0, boundary: Entry | undefined; ; ) {
    signal.throwIfAborted();
    const entries = await readPage(client, key, { from, page });
    if ('wrongType' in entries) return { ...list, ...entries };
    const [first] = entries;
    if (boundary && first && !first.id.equals(boundary.id)) return undefined;
    const fresh = boundary ? entries.slice(1) : entries;
    for (const { id, observedState } of fresh) {
      const isRepeated = list.ids.note(id, 1) !== 0;
      if (isRepeated || twin?.codeOf(id) || !expected.includes(observedState)) {
        list.doubtful.add({ id, observedState, isRepeated });
      }
    }
    lastTwo = [...lastTwo.slice(-1), fresh];
    if (entries.length < page) {
      list.anchor = anchorIn(lastTwo.flat(), from + entries.length);
      return list;
    }
    from += entries.length - 1;
    boundary = entries.at(-1);
  }
}

type Entry = Pick<DoubtfulEntry, 'id' | 'observedState'>;

/** Up to `page` entries of a list, from tail to head, after those that are nearer to its tail than `from`. */
async function readPage(
  client: Redis,
  key: string,
  { from, page }: { from: number; page: number },
): Promise<Entry[] | { wrongType: string }> {
  const copies = key === DLQ_KEY ? dlqTaskKey('') : '';
  const reply = await runScript<[Buffer] | [Buffer[], Buffer]>(client, ID_LIST_PAGE, {
    keys: [key],
    args: [String(from), String(page), copies],
  });
  if (reply.length === 1) return { wrongType: reply[0].toString() };
  const states = observedStatesOf(reply[1]);
  return reply[0].map((id, i) => ({ id, observedState: states[i]! })).reverse();
}

/** The entry that is {@link MARGIN} below the head; `last` ends with the head. */
function anchorIn(last: readonly Entry[], length: number): Anchor | undefined {
  const entry = last[last.length - 1 - MARGIN];
  return entry ? { id: Buffer.from(entry.id), fromTail: length - 1 - MARGIN } : undefined;
}

/**
 * Adds what came to a list since it was read, and moves its anchor along. Reads the whole list if the anchor is gone.
 * Cost: one call, as a rule.
 */
export async function updateIdList(deps: Pick<Deps, 'signal'>, client: Redis, list: IdList): Promise<IdList> {
  const newer = await runScript<Buffer[] | null>(client, NEWER_ENTRIES, {
    keys: [list.key],
    args: [...anchorArguments(list), String(MAX_NEWER)],
  });
  if (newer === null) {
    const again = await readIdList(deps, client, { key: list.key, expected: OBSERVED_STATES });
    return { ...again, doubtful: list.doubtful };
  }
  for (const id of newer) list.ids.note(id, 1);
  const moved = newer.length - 1 - MARGIN;
  if (moved < 0) return list;
  return { ...list, anchor: { id: newer[MARGIN]!, fromTail: (list.anchor?.fromTail ?? -1) + 1 + moved } };
}

/** An anchor in the form that scripts take; -1: there is no anchor. */
export function anchorArguments({ anchor }: Pick<IdList, 'anchor'>): [Buffer | string, string] {
  return anchor ? [anchor.id, String(anchor.fromTail)] : ['', '-1'];
}
