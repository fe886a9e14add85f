import type { State } from '../keys.js';

/** Faults as they really come about. */
export const FAULTS = [
  /** COMPLETED without `task_id` and `created_at`: written into a deleted hash. */
  'unknownId',
  /** DLQ without `task_id`: a popped id had no hash; its id is in `dlq:tasks`. */
  'defectiveDlq',
  /** ACTIVE for 20 minutes to hours, its worker without a heartbeat; every third on its last attempt (3 retries of 3). */
  'stuckActive',
  /** PENDING for 10 minutes or more, in no list and no broker message. */
  'orphanedPending',
  /** In `tasks:scheduled`, due 5 minutes ago or longer. */
  'overdueScheduled',
  /** SCHEDULED, not in `tasks:scheduled`. */
  'orphanedScheduled',
  /** DLQ, not in `dlq:tasks`. */
  'orphanedDlq',
  /** An id without a hash, in turn in the primary list, the retry list, the sorted set and the DLQ. */
  'ghostEntry',
  /** A COMPLETED, ACTIVE, DLQ task in turn, in the primary and the retry list in turn. */
  'staleEntry',
  /** A PENDING task twice in the primary list. */
  'duplicateEntry',
  /** A PENDING task in the primary and in the retry list. */
  'twoLists',
  /** A PENDING task in the primary list and in a broker message, in `celery` and in `unacked` in turn. */
  'queuedAndSent',
  /** A PENDING task in two broker messages. */
  'sentTwice',
  /** A COMPLETED, SCHEDULED, DLQ task in turn, in a broker message. */
  'staleMessage',
  /** A whole task in the state `ARCHIVED`; no counter counts it. */
  'unknownState',
  /** A whole task without `state`; no counter counts it. */
  'missingState',
  /** A string, or in turn a list, under `task:{uuid}`. */
  'notAHash',
  /** A whole task whose `created_at` is of year 1. */
  'yearOne',
  /** A whole task whose `created_at` can't be read. */
  'badDate',
] as const;

export type Fault = (typeof FAULTS)[number];
/** How many of each fault to make, besides the healthy tasks. */
export type FaultCounts = Partial<Record<Fault, number>>;

/** What to do to a counter: a string is its raw value, null deletes it, a number is added to the right value. */
export type CounterDrift = Partial<Record<State, string | null | number>>;

export interface SeedOptions {
  /** Healthy tasks to write; each fault adds its own. */
  tasks: number;
  /** The same seed and `now` write the same data. */
  seed: number;
  /** The moment at which the data is as it is; default: the clock's. */
  now?: Date;
  /** Weights of the states of healthy tasks; replaces `DEFAULT_MIX`. */
  mix?: Partial<Record<State, number>>;
  /** Exact UTF-8 length of each `content`; default: as recorded, about 60. */
  contentBytes?: number | undefined;
  faults?: FaultCounts & { counterDrift?: CounterDrift };
  /** False: a system of the versions that keep no counters; none is written. */
  counters?: boolean;
  /** Left-overs of Celery's result backend; `withTtl` of them expire within a day. */
  celeryMeta?: { count: number; withTtl: number };
  /** Messages of the broker that are none of AsyncTaskFlow's: of another task, its argument a text or named. */
  foreignMessages?: number;
  /** Keys of other programs in the same database. */
  foreignKeys?: number;
}

/** Nine tenths in final states. FAILED is left out: the recorded version has no way into it. */
export const DEFAULT_MIX: Readonly<Partial<Record<State, number>>> = {
  COMPLETED: 86,
  DLQ: 4,
  PENDING: 6,
  SCHEDULED: 3,
  ACTIVE: 1,
};

/** Where a healthy task is: final states and ACTIVE by state, a PENDING one by the place that holds its id. */
export const PLACES = [
  'completed',
  'failed',
  'dlq',
  'active',
  'scheduled',
  'primary',
  'retry',
  'broker',
  'unacked',
] as const;

export type Place = (typeof PLACES)[number];
