import * as keys from './keys.js';

/** The Redis types that the data model uses, as `TYPE` names them. */
export type RedisType = 'hash' | 'list' | 'set' | 'string' | 'zset';

/** One kind of key: its stable name, what matches it, and the types that AsyncTaskFlow or Celery write there. */
export interface KeyKind {
  kind: string;
  /** The whole key, or a part of it: a star at an end matches anything. Other globs are not supported. */
  pattern: string;
  types: readonly RedisType[];
  /** True for keys of Celery, which other programs may use as well. */
  shared?: true;
}

/** Every key of AsyncTaskFlow, and of the Celery that it runs on. The first kind that matches counts. */
export const KEY_KINDS = [
  { kind: 'task', pattern: keys.TASK_KEY_PATTERN, types: ['hash'] },
  { kind: 'dead-letter-copy', pattern: 'dlq:task:*', types: ['hash'] },
  { kind: 'pending-primary-queue', pattern: keys.PENDING_PRIMARY_KEY, types: ['list'] },
  { kind: 'pending-retry-queue', pattern: keys.PENDING_RETRY_KEY, types: ['list'] },
  { kind: 'scheduled-queue', pattern: keys.SCHEDULED_KEY, types: ['zset'] },
  { kind: 'dead-letter-queue', pattern: keys.DLQ_KEY, types: ['list'] },
  { kind: 'state-counter', pattern: 'metrics:tasks:state:*', types: ['string'] },
  { kind: 'worker-heartbeat', pattern: 'worker:heartbeat:*', types: ['string'] },
  { kind: 'celery-result', pattern: keys.CELERY_META_KEY_PATTERN, types: ['string'] },
  { kind: 'restore-journal', pattern: keys.restoreJournalKey('*'), types: ['hash'] },
  { kind: 'llm-rate-limit', pattern: 'openrouter:*', types: ['hash', 'string', 'list'] },
  { kind: 'broker-queue', pattern: keys.BROKER_QUEUE_KEY, types: ['list'], shared: true },
  {
    kind: 'broker-priority-queue',
    pattern: keys.BROKER_PRIORITY_QUEUE_PATTERN,
    types: ['list'],
    shared: true,
  },
  { kind: 'broker-unacked', pattern: `*${keys.BROKER_UNACKED_KEY}`, types: ['hash'], shared: true },
  {
    kind: 'broker-unacked-index',
    pattern: `*${keys.BROKER_UNACKED_INDEX_KEY}`,
    types: ['zset'],
    shared: true,
  },
  {
    kind: 'broker-unacked-mutex',
    pattern: `*${keys.BROKER_UNACKED_MUTEX_KEY}`,
    types: ['string'],
    shared: true,
  },
  { kind: 'broker-binding', pattern: '*_kombu.binding.*', types: ['set'], shared: true },
  { kind: 'celery-reply-queue', pattern: '*.reply.celery.pidbox', types: ['list'], shared: true },
  { kind: 'celery-event-queue', pattern: 'celeryev.*', types: ['list'], shared: true },
  { kind: 'celery-group', pattern: 'celery-taskset-meta-*', types: ['string', 'list', 'zset'], shared: true },
  { kind: 'celery-chord', pattern: 'chord-unlock-*', types: ['string'], shared: true },
] as const satisfies readonly KeyKind[];

export type KeyKindName = (typeof KEY_KINDS)[number]['kind'];

/** The kind that a key belongs to by its name, or undefined if it is not AsyncTaskFlow's. Cost: no Redis call. */
export function kindOfKey(key: string): KeyKindName | undefined {
  return KEY_KINDS.find(({ pattern }) => matches(key, pattern))?.kind;
}

function matches(key: string, pattern: string): boolean {
  const text = pattern.replace(/^\*|\*$/g, '');
  const at = pattern.startsWith('*') && !pattern.endsWith('*') ? key.lastIndexOf(text) : key.indexOf(text);
  if (at < 0) return false;
  return (pattern.startsWith('*') || at === 0) && (pattern.endsWith('*') || at + text.length === key.length);
}
