import {
  type Argument,
  counterKey,
  type HeldLock,
  type KeyRecord,
  kindOfKey,
  loadReadingScript,
  loadScript,
  type Redis,
  runScript,
  runUnderLock,
  TASK_STATES,
  type TaskRecord,
  type TaskState,
} from '@atf/core';
import type { RestoreOutcome } from './schema.js';

const RESTORE_RECORD = loadScript(import.meta.url, './restore-record-under-lock.lua');
const PREVIEW_RECORD = loadReadingScript(import.meta.url, './restore-record.lua');

export interface RestoredKey {
  key: Buffer;
  outcome: RestoreOutcome;
  /** Of a refused key: what the server says of its dump. */
  reason: string;
}

export interface RestoredMember {
  key: Buffer;
  member: Buffer;
  outcome: RestoreOutcome;
  /** The score in the backup. */
  score: string;
  /** The score now, of a member that is left; '': the key is not a sorted set. */
  scoreNow: string;
}

/** What became of one record. Copies and members are only there if this restore put the task back. */
export interface RestoredRecord {
  first: RestoredKey;
  /** True: this restore put the first key back, in this step or in an earlier run that was interrupted. */
  isBack: boolean;
  copies: RestoredKey[];
  members: RestoredMember[];
  /** By how much each counter was changed. */
  counters: { state: TaskState; change: number }[];
  /** A counter to change that is not an integer. */
  uncountable: TaskState | undefined;
}

export interface RestoreOptions {
  /** The key of this restore's journal, see journal.lua. */
  journal: string;
  /** Held while it writes. Undefined: a dry run. */
  lock: HeldLock | undefined;
  /** True: replace what exists and differs, except a state counter, because that counts the tasks that exist now. */
  replace: boolean;
}

type Reply = [
  letters: Buffer,
  reasons: Buffer[],
  memberLetters: Buffer,
  scoresNow: Buffer[],
  changes: number[],
  uncountable: number,
];

/**
 * Puts back one record in one atomic step. What exists is only overwritten with `replace`. A task's counter is changed only
 * if this step writes the task's hash, by the state in that hash. Cost: one call; the server reads and hashes what exists.
 * @throws what Redis refuses other than the dump itself: then nothing of the record was written
 */
export async function restoreRecord(
  client: Redis,
  record: KeyRecord | TaskRecord,
  { journal, lock, replace }: RestoreOptions,
): Promise<RestoredRecord> {
  const { keys, members, entries, counted } = partsOf(record);
  const counters = record.type === 'task' ? TASK_STATES : [];
  const kind = kindOfKey(bytesOf(keys[0]!.key).toString('latin1'));
  const operands = {
    keys: [
      journal,
      ...keys.map(({ key }) => bytesOf(key)),
      ...members.map(({ key }) => bytesOf(key)),
      ...counters.map(counterKey),
      ...Array.from(new Set(entries.map(({ key }) => key)), bytesOf),
    ],
    args: [
      flag(lock !== undefined),
      flag(replace && kind !== 'state-counter'),
      flag(kind === 'task' || kind === 'state-counter'),
      String(counted ? TASK_STATES.indexOf(counted) + 1 : 0),
      String(keys.length),
      String(members.length),
      // A dry run compares hashes and does not need the dump.
      ...keys.flatMap(({ dump, expiresAt, contentHash }): Argument[] => [
        lock ? bytesOf(dump) : '',
        String(expiresAt ?? ''),
        contentHash,
      ]),
      ...members.flatMap(({ member, score }) => [bytesOf(member), score]),
      ...counters,
    ],
  };
  const reply = lock
    ? await runUnderLock<Reply>(client, RESTORE_RECORD, { lock, ...operands })
    : await runScript<Reply>(client, PREVIEW_RECORD, operands);
  return restoredRecord(reply, record);
}

const OUTCOME_OF_LETTER: Record<string, RestoreOutcome> = {
  P: 'restored',
  R: 'replaced',
  S: 'there',
  B: 'there',
  L: 'left',
  X: 'expired',
  E: 'refused',
};

function restoredRecord(reply: Reply, record: KeyRecord | TaskRecord): RestoredRecord {
  const [letters, reasons, memberLetters, scoresNow, changes, uncountable] = reply;
  const { keys, members } = partsOf(record);
  const outcomes = Array.from(letters.toString(), (letter) => OUTCOME_OF_LETTER[letter]!);
  const [first, ...copies] = outcomes.map((outcome, i) => ({
    key: bytesOf(keys[i]!.key),
    outcome,
    reason: reasons[i]!.toString(),
  }));
  return {
    first: first!,
    isBack: 'PRB'.includes(letters.toString()[0]!),
    copies,
    members: Array.from(memberLetters.toString(), (letter, i) => ({
      key: bytesOf(members[i]!.key),
      member: bytesOf(members[i]!.member),
      outcome: OUTCOME_OF_LETTER[letter]!,
      score: members[i]!.score,
      scoreNow: scoresNow[i]!.toString(),
    })),
    counters: changes.flatMap((change, i) => (change === 0 ? [] : [{ state: TASK_STATES[i]!, change }])),
    uncountable: TASK_STATES[uncountable - 1],
  };
}

/** The parts of a record. A whole key has one part only. */
function partsOf(record: KeyRecord | TaskRecord) {
  if (record.type === 'key') return { keys: [record], members: [], entries: [], counted: null };
  const { task, copies, members, entries, counted } = record;
  return { keys: [task, ...copies], members, entries, counted };
}

const bytesOf = (base64: string) => Buffer.from(base64, 'base64');
const flag = (value: boolean) => (value ? '1' : '0');
