import {
  bytesText,
  heartbeatKey,
  isTaskState,
  JUDGED_FIELDS,
  type JudgedFields,
  judgedFields,
  loadReadingScript,
  type Redis,
  runScript,
  SCHEDULED_KEY,
  scoreOf,
  TASK_KEY_PREFIX,
  type TaskState,
} from '@atf/core';

const READ_TASKS = loadReadingScript(import.meta.url, './read-tasks.lua');

/** The fields that a repair is based on, apart from the histories' lengths: it is not done if one of them has changed. */
export const FINGERPRINTED = [...JUDGED_FIELDS, 'worker_id'] as const;
const WORKER_INDEX = JUDGED_FIELDS.length + 1;
/** How much of a field is judged. */
const VALUE_BYTES = 1_000;
const BATCH = 100;

/** The heartbeat of a task's worker as it was read. */
export type Beat =
  | { kind: 'none' }
  | { kind: 'string'; bytes: Buffer; expiresInMs: number }
  | { kind: 'wrong-type' };

/** What is at a task's key, as far as it is judged. */
export interface TaskReading {
  key: Buffer;
  id: Buffer;
  /** Undefined for a state that nobody knows. */
  state: TaskState | undefined;
  fields: JudgedFields;
  /** Null if it is missing or empty. */
  worker: Buffer | null;
  beat: Beat;
  /** In the sorted set; undefined if it is not there. */
  score: number | undefined;
  /** A SHA-1 in hexadecimal, which changes with what a repair is based on. */
  fingerprint: string;
}

type Reply = [Buffer, Buffer | null, Buffer, Buffer, number, ...(Buffer | null)[]] | null;

/** Reads what is judged of some tasks; those that are gone, or are not a hash, are left out. Cost: a call for 100. */
export async function readTasks(client: Redis, keys: readonly Buffer[]): Promise<TaskReading[]> {
  const readings: TaskReading[] = [];
  for (let from = 0; from < keys.length; from += BATCH) {
    const batch = keys.slice(from, from + BATCH);
    const replies = await runScript<Reply[]>(client, READ_TASKS, {
      args: [
        String(VALUE_BYTES),
        SCHEDULED_KEY,
        heartbeatKey(''),
        String(FINGERPRINTED.length),
        String(WORKER_INDEX),
        ...FINGERPRINTED,
        ...batch,
      ],
    });
    replies.forEach((reply, i) => {
      if (reply) readings.push(readingOf(batch[i]!, reply));
    });
  }
  return readings;
}

function readingOf(
  key: Buffer,
  [fingerprint, score, kind, beat, left, ...values]: NonNullable<Reply>,
): TaskReading {
  const fields = judgedFields((_field, index) => {
    const value = values[index];
    return value ? bytesText(value) : (value ?? null);
  });
  const worker = values[WORKER_INDEX - 1];
  const { state } = fields;
  return {
    key,
    id: key.subarray(TASK_KEY_PREFIX.length),
    state: state !== null && isTaskState(state) ? state : undefined,
    fields,
    worker: worker && worker.length > 0 ? worker : null,
    beat: beatOf(kind.toString(), { bytes: beat, expiresInMs: left }),
    score: score ? scoreOf(score) : undefined,
    fingerprint: fingerprint.toString('latin1'),
  };
}

function beatOf(kind: string, string: { bytes: Buffer; expiresInMs: number }): Beat {
  if (kind === 'string') return { kind, ...string };
  return { kind: kind === 'none' ? 'none' : 'wrong-type' };
}
