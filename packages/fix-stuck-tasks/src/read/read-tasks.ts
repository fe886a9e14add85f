import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  bytesText,
  type Deps,
  heartbeatKey,
  isTaskState,
  JUDGED_FIELDS,
  type JudgedFields,
  judgedFields,
  loadReadingScript,
  runScript,
  SCHEDULED_KEY,
  scoreOf,
  TASK_KEY_PREFIX,
  type TaskState,
} from '@atf/core';

const READ_TASKS = loadReadingScript(import.meta.url, './read-tasks.lua');

/** The fields of the fingerprint, which also covers the lengths of the histories. A repair is not done if one has changed. */
export const FINGERPRINTED = [...JUDGED_FIELDS, 'worker_id'] as const;
const WORKER_INDEX = JUDGED_FIELDS.length + 1;
/** How many bytes of a field are judged. */
const VALUE_BYTES = 1_000;
/** Tasks in one call: other clients wait for about 1 ms. */
export const READ_AT_ONCE = 100;

/** The heartbeat of a task's worker as it was read. */
export type Beat =
  | { kind: 'none' }
  | { kind: 'string'; bytes: Buffer; expiresInMs: number }
  | { kind: 'wrong-type' };

/** A task as it was read to be judged. */
export interface TaskReading {
  key: Buffer;
  id: Buffer;
  /** Undefined for an unknown state. */
  state: TaskState | undefined;
  fields: JudgedFields;
  /** Null if it is missing or empty. */
  worker: Buffer | null;
  beat: Beat;
  /** In the sorted set; undefined if it is not there. */
  score: number | undefined;
  /** A SHA-1 in hexadecimal that changes with everything that a repair is based on. */
  fingerprint: string;
}

type Reply = [Buffer, Buffer | null, Buffer, Buffer, number, ...(Buffer | null)[]] | null;

/**
 * Reads tasks, in the order of their keys; undefined for a key that is gone or not a hash. A batch has at most
 * {@link READ_AT_ONCE} keys. The next batch is requested before the current one is yielded, so that the server and this program
 * work at the same time. Cost: a call for each batch.
 */
export async function* readTasks(
  { target, signal }: Pick<Deps, 'target' | 'signal'>,
  batches: Iterable<readonly Buffer[]> | AsyncIterable<readonly Buffer[]>,
): AsyncGenerator<(TaskReading | undefined)[]> {
  let current: { keys: readonly Buffer[]; replies: Promise<Reply[]> } | undefined;
  for await (const keys of batches) {
    signal.throwIfAborted();
    const args = [...FIXED_ARGUMENTS, ...keys];
    const request = () => {
      const replies = runScript<Reply[]>(target.client, READ_TASKS, { args });
      replies.catch(() => {}); // It is awaited below, unless the consumer stops first.
      return { keys, replies };
    };
    const before = current && { keys: current.keys, replies: await current.replies };
    current = request();
    if (!before) continue;
    await nextTurn(); // The client writes in the next turn.
    yield readingsOf(before);
  }
  if (current) yield readingsOf({ keys: current.keys, replies: await current.replies });
}

const FIXED_ARGUMENTS = [
  String(VALUE_BYTES),
  SCHEDULED_KEY,
  heartbeatKey(''),
  String(FINGERPRINTED.length),
  String(WORKER_INDEX),
  ...FINGERPRINTED,
];

/** The keys of some items in batches for {@link readTasks}. */
export function* inBatches<Item>(items: readonly Item[], keyOf: (item: Item) => Buffer): Generator<Buffer[]> {
  for (let from = 0; from < items.length; from += READ_AT_ONCE) {
    yield items.slice(from, from + READ_AT_ONCE).map(keyOf);
  }
}

function readingsOf({ keys, replies }: { keys: readonly Buffer[]; replies: Reply[] }) {
  return replies.map((reply, i) => (reply ? readingOf(keys[i]!, reply) : undefined));
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
