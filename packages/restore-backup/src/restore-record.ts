import { createHash } from 'node:crypto';
import {
  type BackupRecord,
  counterKey,
  type KeyRecord,
  loadScript,
  type MemberRecord,
  type Redis,
  runScript,
  TASK_STATES,
  type TaskState,
} from '@atf/core';
import { isSameContent } from './dump/same-content.js';

const RESTORE_RECORD = loadScript(import.meta.url, './restore-record.lua');
/** How often a key may change between being judged and being written; then it is left alone. */
const ATTEMPTS = 5;

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
  sha1: string;
  action: 'ask' | 'leave' | 'replace';
}

type Reply = [Buffer, Buffer[], number[], number[], number[], number[], number];

/**
 * Puts back one record in one atomic step: what exists is not overwritten unless `replace` says so, and the counter of
 * a task is changed only where its hash is written by this step. Cost: one call, and another one where something
 * other than the very dump is there.
 * @throws what Redis refuses other than the dump itself: then nothing of the record was written, or its hash alone
 */
export async function restoreRecord(
  client: Redis,
  record: BackupRecord,
  { write, replace }: RestoreOptions,
): Promise<RestoredRecord> {
  const items = (record.type === 'key' ? [record] : [record.task, ...record.copies]).map(itemOf);
  for (let attempt = 1; ; attempt++) {
    const reply = await runStep(client, { items, record }, { write, replace });
    const letters = reply[0].toString();
    if (!letters.includes('?')) return restoredRecord(reply, items, record);
    items.forEach((item, i) => {
      if (letters[i] !== '?') return;
      if (isSameContent(item.dump, reply[1][i]!)) item.sha1 = sha1Of(reply[1][i]!);
      else item.action = replace ? 'replace' : 'leave';
      if (attempt === ATTEMPTS && item.action === 'ask') item.action = 'leave';
    });
  }
}

function itemOf({ key, dump, expiresAt }: KeyRecord): Item {
  const bytes = Buffer.from(dump, 'base64');
  return { key: Buffer.from(key, 'base64'), dump: bytes, expiresAt, sha1: sha1Of(bytes), action: 'ask' };
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
      // A look compares by SHA-1 and does not need the dump.
      ...items.flatMap(({ dump, expiresAt, sha1, action }) => [
        write ? dump : '',
        String(expiresAt ?? ''),
        sha1,
        action,
      ]),
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
const sha1Of = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');
const flag = (value: boolean) => (value ? '1' : '0');
