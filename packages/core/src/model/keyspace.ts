import * as keys from './keys.js';

/** The Redis types that the data model uses, as `TYPE` names them. */
export type RedisType = 'hash' | 'list' | 'set' | 'string' | 'zset';

/** One kind of key: its stable name, what matches it, and the types that AsyncTaskFlow writes there. */
export interface KeyKind {
  kind: string;
  /** The whole key, or its beginning where it ends in `*`. No other glob is meant. */
  pattern: string;
  types: readonly RedisType[];
}

/** Every key of AsyncTaskFlow and of the broker that it runs on; no two patterns overlap. */
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
  { kind: 'broker-queue', pattern: keys.BROKER_QUEUE_KEY, types: ['list'] },
  { kind: 'broker-priority-queue', pattern: keys.BROKER_PRIORITY_QUEUE_PATTERN, types: ['list'] },
  { kind: 'broker-unacked', pattern: keys.BROKER_UNACKED_KEY, types: ['hash'] },
  { kind: 'broker-unacked-index', pattern: keys.BROKER_UNACKED_INDEX_KEY, types: ['zset'] },
  { kind: 'broker-unacked-mutex', pattern: keys.BROKER_UNACKED_MUTEX_KEY, types: ['string'] },
  { kind: 'broker-binding', pattern: '_kombu.binding.*', types: ['set'] },
  { kind: 'llm-rate-limit', pattern: 'openrouter:*', types: ['hash', 'string'] },
  { kind: 'restore-journal', pattern: keys.restoreJournalKey('*'), types: ['hash'] },
] as const satisfies readonly KeyKind[];

export type KeyKindName = (typeof KEY_KINDS)[number]['kind'];

/** The kind that a key belongs to, or undefined where it is not AsyncTaskFlow's. Cost: no Redis call. */
export function kindOfKey(key: string): KeyKindName | undefined {
  return KEY_KINDS.find(({ pattern }) =>
    pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern,
  )?.kind;
}
