import { type Deps, findPositions, type HeldLock, ID_LISTS, loadScript, runUnderLock } from '@atf/core';
import type { Candidate } from '../detect/candidate.js';

const REMOVE_LEFTOVERS = loadScript(import.meta.url, './remove-leftovers.lua');

/** Ids in one call. Redis walks along three lists for each id. */
const BATCH = 10;

/**
 * Removes ids of deleted tasks that other clients added to the queues during the deletion. Returns the number of removed entries.
 * Cost: each list is read once.
 */
export async function removeLeftovers(
  deps: Pick<Deps, 'target' | 'signal'>,
  deleted: readonly Candidate[],
  lock: HeldLock,
): Promise<number> {
  const { client } = deps.target;
  const positions = await findPositions(deps, client, deleted);
  const ids = [...positions].flatMap(([{ ids }, left]) => left.map(({ id }) => ids[id]!));
  let removed = 0;
  for (let from = 0; from < ids.length; from += BATCH) {
    removed += await runUnderLock<number>(client, REMOVE_LEFTOVERS, {
      lock,
      keys: ID_LISTS,
      args: ids.slice(from, from + BATCH),
    });
  }
  return removed;
}
