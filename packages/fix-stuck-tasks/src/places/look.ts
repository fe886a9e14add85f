import {
  type Deps,
  DLQ_KEY,
  PENDING_PRIMARY_KEY,
  PENDING_RETRY_KEY,
  type Redis,
  SCHEDULED_KEY,
} from '@atf/core';
import type { BrokerSource } from './broker-source.js';
import { catchUp } from './catch-up.js';
import type { BrokerLook } from './read-broker.js';
import { type ListLook, readList } from './read-list.js';
import { readScheduled, type ScheduledLook } from './read-scheduled.js';

/** The keys of the queues, in the order that the scripts number them, from 1. */
export const QUEUES = [PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, DLQ_KEY, SCHEDULED_KEY] as const;

// Tasks that may stand in a list, by the letters of read-list-page.lua.
const PENDING_RIGHT = 'PFmux';
const DLQ_RIGHT = 'DFkmux';

/** All places that hold ids, as they were read once. */
export interface Look {
  primary: ListLook;
  retry: ListLook;
  dlq: ListLook;
  scheduled: ScheduledLook;
  /** Undefined where there is no broker to read. */
  broker: BrokerLook | undefined;
  /** When it ended, by the clock of `performance.now()`. */
  endedAt: number;
}

/** Where an id was seen. */
export interface Seen {
  primary: boolean;
  retry: boolean;
  dlq: boolean;
  scheduled: boolean;
  broker: boolean;
}

export interface LookOptions {
  broker: BrokerSource;
  /** Unix time in seconds: what was due before that is overdue. */
  dueBefore: number;
}

/** Reads every place once, in the order in which ids go through them. Cost: see each place's reader. */
export async function lookAtPlaces(
  deps: Pick<Deps, 'signal' | 'progress'>,
  client: Redis,
  { broker, dueBefore }: LookOptions,
): Promise<Look> {
  deps.progress({ step: 'read-queues', what: 'Reading queues', done: 0 });
  const scheduled = await readScheduled(deps, client, dueBefore);
  const primary = await readList(deps, client, { key: PENDING_PRIMARY_KEY, right: PENDING_RIGHT });
  const retry = await readList(deps, client, {
    key: PENDING_RETRY_KEY,
    right: PENDING_RIGHT,
    twin: primary.ids,
  });
  const dlq = await readList(deps, client, { key: DLQ_KEY, right: DLQ_RIGHT });
  const messages = await broker.read();
  return { primary, retry, dlq, scheduled, broker: messages, endedAt: performance.now() };
}

/** Brings the lists and the broker of a look up to date; what was seen stays seen. Cost: a call or two a place. */
export async function catchUpPlaces(
  deps: Pick<Deps, 'signal'>,
  client: Redis,
  { look, broker }: { look: Look; broker: BrokerSource },
): Promise<Look> {
  return {
    ...look,
    primary: await catchUp(deps, client, look.primary),
    retry: await catchUp(deps, client, look.retry),
    dlq: await catchUp(deps, client, look.dlq),
    broker: look.broker && (await broker.catchUp(look.broker)),
  };
}

/** Where a look saw an id. */
export function seenIn({ primary, retry, dlq, scheduled, broker }: Look, id: Buffer): Seen {
  return {
    primary: primary.ids.codeOf(id) !== 0,
    retry: retry.ids.codeOf(id) !== 0,
    dlq: dlq.ids.codeOf(id) !== 0,
    scheduled: scheduled.ids.codeOf(id) !== 0,
    broker: broker !== undefined && broker.named.codeOf(id) !== 0,
  };
}

/** Queue keys of a type that AsyncTaskFlow does not use: they are not touched. */
export function foreignQueues({ primary, retry, dlq, scheduled }: Look): { key: string; type: string }[] {
  return [primary, retry, dlq, { ...scheduled, key: SCHEDULED_KEY }].flatMap(({ key, foreignType: type }) =>
    type === undefined ? [] : [{ key, type }],
  );
}
