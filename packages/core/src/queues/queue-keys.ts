import { DLQ_KEY, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, SCHEDULED_KEY } from '../model/keys.js';

/** The lists that hold ids, in the order in which the scripts number them, from 1. */
export const ID_LISTS = [PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, DLQ_KEY] as const;

/** All queues that hold ids: the lists, then the sorted set. */
export const QUEUE_KEYS = [...ID_LISTS, SCHEDULED_KEY] as const;

/** A key with the name of a queue, but of another type. */
export interface WrongTypeKey {
  key: string;
  type: string;
}
