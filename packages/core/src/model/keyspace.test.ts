import { readRecording } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { KEY_KINDS, type KeyKind, kindOfKey } from './keyspace.js';

const KINDS: readonly KeyKind[] = KEY_KINDS;

describe('the kinds of keys', () => {
  test('have a name and a pattern of their own each', () => {
    expect(new Set(KINDS.map(({ kind }) => kind)).size).toBe(KINDS.length);
    expect(new Set(KINDS.map(({ pattern }) => pattern)).size).toBe(KINDS.length);
  });

  test('use no glob but a star at an end', () => {
    for (const { pattern } of KINDS) expect(pattern.replace(/^\*|\*$/g, '')).not.toMatch(/[*?[\]\\]/);
  });
});

describe('the kind of a key', () => {
  test('is known for every key of a recorded system, with its type', async () => {
    const strangers = (await readRecording()).filter(({ key, type }) => {
      const kind = KINDS.find(({ kind }) => kind === kindOfKey(key));
      return !kind?.types.includes(type);
    });
    expect(strangers).toEqual([]);
  });

  test.each([
    ['task:1', 'task'],
    ['dlq:task:1', 'dead-letter-copy'],
    ['dlq:tasks', 'dead-letter-queue'],
    ['tasks:pending:primary', 'pending-primary-queue'],
    ['tasks:pending:retry', 'pending-retry-queue'],
    ['tasks:scheduled', 'scheduled-queue'],
    ['metrics:tasks:state:archived', 'state-counter'],
    ['worker:heartbeat:w1', 'worker-heartbeat'],
    ['celery-task-meta-1', 'celery-result'],
    ['celery', 'broker-queue'],
    ['celery\x06\x163', 'broker-priority-queue'],
    ['unacked', 'broker-unacked'],
    ['unacked_index', 'broker-unacked-index'],
    ['unacked_mutex', 'broker-unacked-mutex'],
    ['_kombu.binding.celery.pidbox', 'broker-binding'],
    ['myapp_kombu.binding.celery', 'broker-binding'],
    ['myapp_unacked', 'broker-unacked'],
    ['myapp_unacked_index', 'broker-unacked-index'],
    ['15ffa06d.reply.celery.pidbox', 'celery-reply-queue'],
    ['celeryev.8f2f', 'celery-event-queue'],
    ['celery-taskset-meta-1', 'celery-group'],
    ['celery-taskset-meta-1.j', 'celery-group'],
    ['chord-unlock-1', 'celery-chord'],
    ['openrouter:worker_errors:2026-11-22', 'llm-rate-limit'],
    ['task:unacked', 'task'],
    ['openrouter:state', 'llm-rate-limit'],
  ])('of %s is %s', (key, kind) => {
    expect(kindOfKey(key)).toBe(kind);
  });

  test.each(['tasks:pending', 'tasks:scheduled:2', 'dlq:tasks:old', 'celery2', 'unacked_', 'session:1', ''])(
    'is none for %j, which is no key of AsyncTaskFlow',
    (key) => {
      expect(kindOfKey(key)).toBeUndefined();
    },
  );
});
