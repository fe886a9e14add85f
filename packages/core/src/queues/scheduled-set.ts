import { CompactKeyMap } from '../counting/compact-key-map.js';
import { observedStatesOf } from '../counting/observed-state.js';
import type { Deps } from '../deps.js';
import { SCHEDULED_KEY } from '../model/keys.js';
import type { Redis } from '../redis/client.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { DoubtfulEntries } from './doubtful-entries.js';

const SCHEDULED_PAGE = loadReadingScript(import.meta.url, './scheduled-page.lua');
const PAGE = 500;

// Codes in the key map.
const WAITING = 1;
const OVERDUE = 2;

/** The sorted set of scheduled tasks as it was read. */
export interface ScheduledSet {
  /** The type of a key that is not a sorted set; such a key counts as empty. */
  wrongType: string | undefined;
  ids: CompactKeyMap;
  /** Members whose task is not SCHEDULED. */
  doubtful: DoubtfulEntries;
}

/** True if the set holds an id that was not overdue. */
export function isWaiting({ ids }: ScheduledSet, id: Buffer): boolean {
  return ids.codeOf(id) === WAITING;
}

/**
 * Reads the sorted set, each member with the state of its task. ZSCAN meets every member that is there from start to end;
 * pages by rank would miss some if others are removed meanwhile. Cost: a call for 500 members.
 */
export async function readScheduledSet(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  dueBefore: number,
): Promise<ScheduledSet> {
  const set: ScheduledSet = {
    wrongType: undefined,
    ids: new CompactKeyMap(),
    doubtful: new DoubtfulEntries(),
  };
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const reply = await runScript<[Buffer] | [Buffer, Buffer[], Buffer]>(client, SCHEDULED_PAGE, {
      keys: [SCHEDULED_KEY],
      args: [cursor, String(PAGE)],
    });
    if (reply.length === 1) return { ...set, wrongType: reply[0].toString() };
    const [next, members, letters] = reply;
    for (const [i, observedState] of observedStatesOf(letters).entries()) {
      const [id, score] = [members[2 * i]!, members[2 * i + 1]!];
      const code = scoreOf(score) < dueBefore ? OVERDUE : WAITING;
      const isRepeated = set.ids.note(id, code) !== 0;
      if (!isRepeated && observedState !== 'SCHEDULED') set.doubtful.add({ id, observedState, isRepeated });
    }
    cursor = next.toString();
  } while (cursor !== '0');
  return set;
}

/** A score as Redis writes it; `inf` and `-inf` are scores too. */
export function scoreOf(bytes: Buffer): number {
  const text = bytes.toString();
  return text.endsWith('inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}
