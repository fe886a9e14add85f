import { CompactKeyMap, type Deps, loadReadingScript, type Redis, runScript, SCHEDULED_KEY } from '@atf/core';
import type { OddEntry } from './read-list.js';

const READ_SCHEDULED_PAGE = loadReadingScript(import.meta.url, './read-scheduled-page.lua');
const PAGE = 500;

/** Codes of the members in the keyMap. */
export const WAITS = 1;
const OVERDUE = 2;

/** The sorted set of scheduled tasks as it was looked at. */
export interface ScheduledLook {
  /** The type of a key that is no sorted set; such a key counts as empty. */
  foreignType: string | undefined;
  /** Each member: {@link WAITS} or {@link OVERDUE}. */
  ids: CompactKeyMap;
  /** Members whose task is not SCHEDULED. */
  odd: OddEntry[];
}

/**
 * Reads the sorted set, each member with the state of its task. By ZSCAN, which meets every member that is there from start
 * to end, where pages by rank would pass over some when others are taken out. Cost: a call for 500 members.
 */
export async function readScheduled(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
  dueBefore: number,
): Promise<ScheduledLook> {
  const look: ScheduledLook = { foreignType: undefined, ids: new CompactKeyMap(), odd: [] };
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const reply = await runScript<[Buffer] | [Buffer, Buffer[], Buffer]>(client, READ_SCHEDULED_PAGE, {
      keys: [SCHEDULED_KEY],
      args: [cursor, String(PAGE)],
    });
    if (reply.length === 1) return { ...look, foreignType: reply[0].toString() };
    const [next, members, letters] = [reply[0].toString(), reply[1], reply[2].toString()];
    for (let i = 0; i < letters.length; i++) {
      const [id, letter] = [members[2 * i]!, letters[i]!];
      const overdue = scoreOf(members[2 * i + 1]!) < dueBefore;
      const again = look.ids.note(id, overdue ? OVERDUE : WAITS) !== 0;
      if (!again && letter !== 'S') look.odd.push({ id, letter, again });
    }
    cursor = next;
  } while (cursor !== '0');
  return look;
}

/** A score as Redis writes it; `inf` and `-inf` are scores too. */
export function scoreOf(bytes: Buffer): number {
  const text = bytes.toString();
  return text.endsWith('inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}
