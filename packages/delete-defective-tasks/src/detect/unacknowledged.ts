import {
  BROKER_UNACKED_KEY,
  type BrokerSnapshot,
  type Deps,
  kindOfKey,
  loadReadingScript,
  readTakenMessages,
  scanPages,
} from '@atf/core';
import type { Candidate } from './candidate.js';

const UNACKED_KEYS = loadReadingScript(import.meta.url, './unacked-keys.lua');
/** Keys of any name that one page scans. */
const PAGE = 2_000;

/** The messages that workers have taken and not acknowledged. */
export type Unacknowledged = Pick<BrokerSnapshot, 'mentioned' | 'unreadable'>;

/**
 * Reads every string in the unacknowledged messages. The broker's keys may have any prefix, so it scans the names of all keys. Cost:
 * one call for 2,000 keys of the database, and one for 100 messages. Memory: 16 bytes for each string.
 */
export async function readUnacknowledged(
  deps: Pick<Deps, 'target' | 'signal' | 'pace'>,
): Promise<Unacknowledged> {
  const { client } = deps.target;
  const unacked = await findUnackedKeys(deps);
  return await readTakenMessages(deps, client, { bindings: [], lists: [], unacked, heartbeats: [] });
}

/** Finds the keys by name only, because the tool's user may not read other keys. The names are latin1, because keys are bytes. */
async function findUnackedKeys({
  target,
  signal,
  pace,
}: Pick<Deps, 'target' | 'signal' | 'pace'>): Promise<string[]> {
  const args = [`*${BROKER_UNACKED_KEY}`];
  const pages = scanPages<[Buffer[]]>(target.client, UNACKED_KEYS, { count: PAGE, args, signal, pace });
  const names = new Set<string>();
  for await (const [keys] of pages) {
    for (const key of keys) names.add(key.toString('latin1'));
  }
  return [...names].filter((name) => kindOfKey(name) === 'broker-unacked');
}

/**
 * True if a worker may be running the task: an unacknowledged message names one of its ids, or cannot be read and the task is
 * ACTIVE. Pure.
 */
export function isClaimed(
  { mentioned, unreadable }: Unacknowledged,
  { ids, state }: Pick<Candidate, 'ids' | 'state'>,
): boolean {
  return ids.some((id) => mentioned.codeOf(id) !== 0) || (unreadable > 0 && state === 'ACTIVE');
}
