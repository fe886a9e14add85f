import {
  type BackupRecord,
  counterKey,
  type HeldLock,
  type KeyRecord,
  kindOfKey,
  loadReadingScript,
  loadScript,
  type MemberRecord,
  type Redis,
  runScript,
  runUnderLock,
  TASK_STATES,
  type TaskState,
} from '@atf/core';
import type { RestoreOutcome } from './schema.js';

const RESTORE_RECORD = loadScript(import.meta.url, './restore-record-under-lock.lua');
const LOOK_AT_RECORD = loadReadingScript(import.meta.url, './restore-record.lua');

export interface RestoredKey {
  key: Buffer;
  outcome: RestoreOutcome;
  /** Where it is refused: what the server says of it. */
  reason: string;
}

export interface RestoredMember {
  key: Buffer;
  member: Buffer;
  outcome: 'restored' | 'there' | 'left';
  /** The score that the backup has of it. */
  score: string;
  /** The score that it has now; '' where it is left because the key is no sorted set. */
  scoreNow: string;
}

/** What became of one record. Copies and members are only dealt with where the first key is as it was. */
export interface RestoredRecord {
  /** The key, or the task's hash and then its copies. */
  keys: [RestoredKey, ...RestoredKey[]];
  members: RestoredMember[];
  /** By how much each counter was changed. */
  counters: { state: TaskState; change: number }[];
  /** A counter to change that is no number. */
  uncountable: TaskState | undefined;
}

export interface RestoreOptions {
  /** Held while it writes; undefined: look only. */
  lock: HeldLock | undefined;
  /** True: what exists and is another is replaced, but for a state counter: that counts the tasks of now. */
  replace: boolean;
}

interface Item {
  key: Buffer;
  dump: Buffer;
  expiresAt: number | null;
  contentHash: string;
}

type Reply = [
  letters: Buffer,
  reasons: Buffer[],
  put: number[],
  there: number[],
  left: number[],
  leftScores: Buffer[],
  changes: number[],
  uncountable: number,
];

/**
 * Puts back one record in one atomic step: what exists is not overwritten unless `replace` says so, and the counter of
 * a task is changed only where its hash is written by this step, by the state that this hash has. Cost: one call; what
 * exists is read and hashed on the server.
 * @throws what Redis refuses other than the dump itself: then nothing of the record was written
 */
export async function restoreRecord(
  client: Redis,
  record: BackupRecord,
  options: RestoreOptions,
): Promise<RestoredRecord> {
  const items = (record.type === 'key' ? [record] : [record.task, ...record.copies]).map(itemOf);
  const reply = await runStep(client, { items, record }, options);
  return restoredRecord(reply, items, record);
}

function itemOf({ key, dump, expiresAt, contentHash }: KeyRecord): Item {
  return { key: bytesOf(key), dump: bytesOf(dump), expiresAt, contentHash };
}

async function runStep(
  client: Redis,
  { items, record }: { items: readonly Item[]; record: BackupRecord },
  { lock, replace }: RestoreOptions,
): Promise<Reply> {
  const members = membersOf(record);
  const states = record.type === 'task' ? TASK_STATES : [];
  const lists = record.type === 'task' ? new Set(record.entries.map(({ key }) => key)) : [];
  const counted = record.type === 'task' && record.counted ? TASK_STATES.indexOf(record.counted) + 1 : 0;
  const replaces = replace && !isStateCounter(record);
  const operands = {
    keys: [
      ...items.map(({ key }) => key),
      ...members.map(({ key }) => bytesOf(key)),
      ...states.map(counterKey),
      ...Array.from(lists, bytesOf),
    ],
    args: [
      ...[
        flag(lock !== undefined),
        String(items.length),
        String(members.length),
        String(counted),
        flag(replaces),
      ],
      // A look compares hashes and does not need the dump.
      ...items.flatMap(({ dump, expiresAt, contentHash }) => [
        lock ? dump : '',
        String(expiresAt ?? ''),
        contentHash,
      ]),
      ...members.flatMap(({ member, score }) => [bytesOf(member), score]),
      ...states,
    ],
  };
  return lock
    ? await runUnderLock<Reply>(client, RESTORE_RECORD, { lock, ...operands })
    : await runScript<Reply>(client, LOOK_AT_RECORD, operands);
}

const OUTCOME_OF_LETTER: Record<string, RestoreOutcome> = {
  P: 'restored',
  R: 'replaced',
  S: 'there',
  L: 'left',
  X: 'expired',
  E: 'refused',
};

function restoredRecord(reply: Reply, items: readonly Item[], record: BackupRecord): RestoredRecord {
  const [letters, reasons, put, there, left, leftScores, changes, uncountable] = reply;
  const members = membersOf(record);
  const named = (places: number[], outcome: RestoredMember['outcome']) =>
    places.map((place, i) => {
      const { key, member, score } = members[place - 1]!;
      const scoreNow = outcome === 'left' ? leftScores[i]!.toString() : score;
      return { key: bytesOf(key), member: bytesOf(member), outcome, score, scoreNow };
    });
  const [first, ...copies] = items.map(({ key }, i) => ({
    key,
    outcome: OUTCOME_OF_LETTER[letters.toString()[i]!]!,
    reason: reasons[i]!.toString(),
  }));
  return {
    keys: [first!, ...copies],
    members: [...named(put, 'restored'), ...named(there, 'there'), ...named(left, 'left')],
    counters: changes
      .map((change, i) => ({ state: TASK_STATES[i]!, change }))
      .filter(({ change }) => change !== 0),
    uncountable: TASK_STATES[uncountable - 1],
  };
}

const isStateCounter = (record: BackupRecord) =>
  record.type === 'key' && kindOfKey(bytesOf(record.key).toString('latin1')) === 'state-counter';
const membersOf = (record: BackupRecord): readonly MemberRecord[] =>
  record.type === 'task' ? record.members : [];
const bytesOf = (base64: string) => Buffer.from(base64, 'base64');
const flag = (value: boolean) => (value ? '1' : '0');
