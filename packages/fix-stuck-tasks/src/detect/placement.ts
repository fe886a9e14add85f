import {
  type BrokerKnowledge,
  DLQ_KEY,
  type Locations,
  locationsOf,
  PENDING_PRIMARY_KEY,
  PENDING_RETRY_KEY,
  type QueueSnapshot,
  SCHEDULED_KEY,
  type WrongTypeKey,
} from '@atf/core';
import type { Kind } from '../kinds.js';
import type { Settings } from '../options.js';
import { type Finding, idBytes, isOfEntry, type Obstacle } from './finding.js';

/** Kinds whose task would run twice if an unread message of the broker names it. */
const MAY_BE_SENT: readonly Kind[] = ['stuck-active', 'orphaned-pending', 'failed'];
/** Kinds whose repair is wrong while the sorted set holds the task. */
const NOT_SCHEDULED: readonly Kind[] = ['stuck-active', 'orphaned-dlq'];

/** True if nothing is to be done any more: the task is by now where it was missing, or in one queue only. Pure. */
export function isResolved({ kind }: Pick<Finding, 'kind'>, locations: Locations): boolean {
  const { primary, retry, dlq, scheduled, broker } = locations;
  if (kind === 'stuck-active' || kind === 'overdue-scheduled') return broker;
  if (kind === 'orphaned-pending') return primary || retry || broker;
  if (kind === 'orphaned-dlq') return dlq;
  if (kind === 'orphaned-scheduled') return scheduled || primary || retry || broker;
  if (kind === 'failed') return primary || retry || dlq || scheduled || broker;
  if (kind === 'queued-and-sent') return !(broker && (primary || retry));
  return kind === 'not-consumed' && !primary && !retry;
}

/** The queue that must lose a task's id before the task is put back; undefined if no queue must. Pure. */
export function queueHolding(
  { kind, queue }: Pick<Finding, 'kind' | 'queue'>,
  locations: Locations,
): string | undefined {
  if (locations.primary) return PENDING_PRIMARY_KEY;
  if (locations.retry) return PENDING_RETRY_KEY;
  if (locations.scheduled && NOT_SCHEDULED.includes(kind)) return SCHEDULED_KEY;
  return queue === DLQ_KEY && locations.dlq ? DLQ_KEY : undefined;
}

/** Why a finding cannot be repaired; null if it can. Pure. */
export function obstacleOf(
  finding: Finding,
  { snapshot, wrongType }: { snapshot: QueueSnapshot; wrongType: readonly WrongTypeKey[] },
  { only }: Pick<Settings, 'only'>,
): Obstacle | null {
  if (finding.repair === null) return null;
  if (mayRunTwice(finding, snapshot.brokerKnowledge)) return { code: 'undecided', queue: null, type: null };
  const unusable = wrongType.find(({ key }) => key === finding.queue);
  if (unusable) return { code: 'no-queue', queue: unusable.key, type: unusable.type };
  // A run with stale-entry in --only removes the wrong entry before it repairs the task.
  if (isOfEntry(finding) || only.includes('stale-entry')) return null;
  const queue = queueHolding(finding, locationsOf(snapshot, idBytes(finding)));
  return queue === undefined ? null : { code: 'in-wrong-queue', queue, type: null };
}

/** True if the task may be put back now: no queue and no message holds its id, not even as a wrong entry. Pure. */
export function isStillMissing(finding: Finding, snapshot: QueueSnapshot): boolean {
  const locations = locationsOf(snapshot, idBytes(finding));
  if (mayRunTwice(finding, snapshot.brokerKnowledge) || isResolved(finding, locations)) return false;
  return queueHolding(finding, locations) === undefined;
}

/** True if a message that was not read may name the task, so that a repair would run it twice. Pure. */
export function mayRunTwice({ kind }: Pick<Finding, 'kind'>, broker: BrokerKnowledge): boolean {
  return broker !== 'read' && MAY_BE_SENT.includes(kind);
}
