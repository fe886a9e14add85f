import {
  type BackupRecord,
  CONTENT_MARK,
  counterKey,
  type KeyRecord,
  loadScript,
  type MemberRecord,
  type Redis,
  runScript,
  TASK_STATES,
  type TaskState,
} from '@atf/core';

const RESTORE_RECORD = loadScript(import.meta.url, CONTENT_MARK, './restore-record.lua');

/** What becomes of what a backup holds. */
export type Fate = 'restored' | 'replaced' | 'there' | 'left' | 'expired' | 'refused';

export interface RestoredKey {
  key: Buffer;
  fate: Fate;
  /** Where it is refused: what the server says of it. */
  reason: string;
}

export interface RestoredMember {
  key: Buffer;
  member: Buffer;
  fate: 'restored' | 'there' | 'left';
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
  /** False: look only. */
  write: boolean;
  /** True: what exists and is another is replaced. */
  replace: boolean;
}

interface Item {
  key: Buffer;
  dump: Buffer;
  expiresAt: number | null;
  mark: string;
}

type Reply = [Buffer, Buffer[], number[], number[], number[], number[], number];

/**
 * Puts back one record in one atomic step: what exists is not overwritten unless `replace` says so, and the counter of
 * a task is changed only where its hash is written by this step. Cost: one call; what exists is read and hashed on
 * the server.
 * @throws what Redis refuses other than the dump itself: then nothing of the record was written, or its hash alone
 */
export async function restoreRecord(
  client: Redis,
  record: BackupRecord,
  { write, replace }: RestoreOptions,
): Promise<RestoredRecord> {
  const items = (record.type === 'key' ? [record] : [record.task, ...record.copies]).map(itemOf);
  const reply = await runStep(client, { items, record }, { write, replace });
  return restoredRecord(reply, items, record);
}

function itemOf({ key, dump, expiresAt, mark }: KeyRecord): Item {
  return { key: bytesOf(key), dump: bytesOf(dump), expiresAt, mark };
}

async function runStep(
  client: Redis,
  { items, record }: { items: readonly Item[]; record: BackupRecord },
  { write, replace }: RestoreOptions,
): Promise<Reply> {
  const members = membersOf(record);
  const states = record.type === 'task' ? TASK_STATES : [];
  const counted = record.type === 'task' && record.counted ? TASK_STATES.indexOf(record.counted) + 1 : 0;
  return await runScript<Reply>(client, RESTORE_RECORD, {
    keys: [
      ...items.map(({ key }) => key),
      ...members.map(({ key }) => bytesOf(key)),
      ...states.map(counterKey),
    ],
    args: [
      ...[flag(write), String(items.length), String(members.length), String(counted), flag(replace)],
      // A look compares marks and does not need the dump.
      ...items.flatMap(({ dump, expiresAt, mark }) => [write ? dump : '', String(expiresAt ?? ''), mark]),
      ...members.flatMap(({ member, score }) => [bytesOf(member), score]),
      ...states,
    ],
  });
}

const FATES: Record<string, Fate> = {
  P: 'restored',
  R: 'replaced',
  S: 'there',
  L: 'left',
  X: 'expired',
  E: 'refused',
};

function restoredRecord(reply: Reply, items: readonly Item[], record: BackupRecord): RestoredRecord {
  const [letters, reasons, put, there, left, changes, uncountable] = reply;
  const members = membersOf(record);
  const named = (places: number[], fate: RestoredMember['fate']) =>
    places.map((place) => {
      const { key, member } = members[place - 1]!;
      return { key: bytesOf(key), member: bytesOf(member), fate };
    });
  const [first, ...copies] = items.map(({ key }, i) => ({
    key,
    fate: FATES[letters.toString()[i]!]!,
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

const membersOf = (record: BackupRecord): readonly MemberRecord[] =>
  record.type === 'task' ? record.members : [];
const bytesOf = (base64: string) => Buffer.from(base64, 'base64');
const flag = (value: boolean) => (value ? '1' : '0');
