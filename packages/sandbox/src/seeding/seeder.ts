import {
  BROKER_LIST,
  DLQ_LIST,
  dlqCopyKey,
  isState,
  PRIMARY_QUEUE,
  RETRY_QUEUE,
  SCHEDULED_SET,
  taskKey,
  UNACKED_HASH,
  UNACKED_INDEX,
} from '../keys.js';
import { celeryMessage, unackedTriple } from '../shapes/broker-shapes.js';
import { COMPLETED_IDS_KEPT, type SeedManifest } from './manifest.js';
import type { Fault, Place } from './seed-options.js';
import type { MadeTask, TaskMaker } from './task-maker.js';
import type { WriteBuffer } from './write-buffer.js';

/** The parts that writing needs, together: where to write, what was written, and who makes the tasks. */
export interface Seeder {
  buffer: WriteBuffer;
  manifest: SeedManifest;
  maker: TaskMaker;
}

/** Writes a task's hash and counts it in the manifest's states. */
function writeTask({ buffer, manifest }: Seeder, { id, fields }: MadeTask): void {
  buffer.pushHash(taskKey(id), fields);
  manifest.tasks++;
  if (isState(fields.state)) manifest.states[fields.state]++;
}

/** The same, and puts its id into a queue if one is given. Returns the id. */
export function put(seeder: Seeder, task: MadeTask, queue?: string): string {
  writeTask(seeder, task);
  if (queue !== undefined) enqueue(seeder, queue, task);
  return task.id;
}

export function noteHealthy({ manifest }: Seeder, place: Place, id: string): void {
  const ids = manifest.ids[place];
  if (place !== 'completed' || ids.length < COMPLETED_IDS_KEPT) ids.push(id);
}

export function noteFault({ manifest }: Seeder, fault: Fault, id: string): void {
  manifest.faults[fault].push(id);
}

/** Puts an id where the real system would: a list by `LPUSH`, the sorted set by `ZADD`. */
export function enqueue(
  { buffer, maker }: Seeder,
  key: string,
  { id, score }: Pick<MadeTask, 'id' | 'score'>,
) {
  if (key !== SCHEDULED_SET) buffer.push('LPUSH', key, id);
  else buffer.push('ZADD', key, String(score ?? maker.secondsFromNow(600)), id);
}

/** Sends a task's message, as it stands in `celery`, or taken and not yet acknowledged. */
export function send({ buffer, maker }: Seeder, id: string, unacked = false): void {
  const message = celeryMessage(id, maker.random);
  if (!unacked) {
    buffer.push('LPUSH', BROKER_LIST, message.message);
    return;
  }
  buffer.push('HSET', UNACKED_HASH, message.deliveryTag, unackedTriple(message));
  buffer.push('ZADD', UNACKED_INDEX, String(maker.secondsFromNow(-30)), message.deliveryTag);
}

export function writeDlqCopy({ buffer }: Seeder, { id, fields }: MadeTask): void {
  buffer.pushHash(dlqCopyKey(id), fields);
}

/** The four places that hold ids, in the order in which ghosts are spread. */
export const QUEUES = [PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, DLQ_LIST] as const;
