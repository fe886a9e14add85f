import {
  BROKER_LIST,
  counterKey,
  DLQ_LIST,
  OPENROUTER_BUCKET,
  PRIMARY_QUEUE,
  RETRY_QUEUE,
  SCHEDULED_SET,
  STATES,
  UNACKED_HASH,
  UNACKED_INDEX,
} from '@atf/sandbox';
import fc from 'fast-check';
import { bytes } from './contents.js';

export const COUNTERS = STATES.map(counterKey);

/** Those queues that are lists of ids; the other one is a sorted set. */
export const LISTS = [PRIMARY_QUEUE, RETRY_QUEUE, DLQ_LIST];
export const QUEUES = [...LISTS, SCHEDULED_SET];

/** Keys that the model has once. */
const SINGLE = [
  ...[PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, DLQ_LIST],
  ...[BROKER_LIST, UNACKED_HASH, UNACKED_INDEX, 'unacked_mutex', OPENROUTER_BUCKET],
  ...COUNTERS,
];

/** Beginnings of names, some of them only much like the model's. */
const BEGINNINGS = [
  'task:',
  'task:',
  'task:',
  'dlq:task:',
  'celery-task-meta-',
  'celery-task-meta-',
  'worker:heartbeat:',
  '_kombu.binding.',
  'openrouter:',
  'task',
  'tasks:',
  'TASK:',
  'celery-task-meta',
  'celery-taskset-meta-',
  '',
];

/** What comes behind it: an id, or anything else. */
export const nameEnd = fc.oneof(
  { weight: 5, arbitrary: bytes(24) },
  { weight: 3, arbitrary: fc.uuid().map((id) => Buffer.from(id)) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('*', '[a-z]', '\\', '{x}', '\u001b[2J', 'a\nb', '\u0000')
      .map((name) => Buffer.from(name)),
  },
  { weight: 1, arbitrary: fc.nat(255).map((byte) => Buffer.alloc(65_000, byte)) },
);

/** The name of a key. */
export const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...SINGLE).map((key) => Buffer.from(key)) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...BEGINNINGS), nameEnd)
      .map(([beginning, rest]) => Buffer.concat([Buffer.from(beginning), rest]))
      .filter((key) => key.length > 0),
  },
);
