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

/** Whose task may run twice if a message of it waits where nobody has looked. */
const MAY_BE_SENT: readonly Kind[] = ['stuck-active', 'orphaned-pending', 'failed'];
/** Whose task must be in the sorted set no more before it is put back. */
const NOT_SCHEDULED: readonly Kind[] = ['stuck-active', 'orphaned-dlq'];

/** True if the queue that misses a task holds it, so that nothing is to be done. Pure. */
export function isInPlace({ kind }: Pick<Finding, 'kind'>, locations: Locations): boolean {
  const { primary, retry, dlq, scheduled, broker } = locations;
  if (kind === 'stuck-active' || kind === 'overdue-scheduled') return broker;
  if (kind === 'orphaned-pending') return primary || retry || broker;
  if (kind === 'orphaned-dlq') return dlq;
  if (kind === 'orphaned-scheduled') return scheduled || primary || retry || broker;
  if (kind === 'failed') return primary || retry || dlq || scheduled || broker;
  if (kind === 'queued-and-sent') return !(broker && (primary || retry));
  return kind === 'not-consumed' && !primary && !retry;
}

/** The queue that must lose a task's id before the task is put back; undefined if none holds it. Pure. */
export function queueHolding(
  { kind, queue }: Pick<Finding, 'kind' | 'queue'>,
  locations: Locations,
): string | undefined {
  if (locations.primary) return PENDING_PRIMARY_KEY;
  if (locations.retry) return PENDING_RETRY_KEY;
  if (locations.scheduled && NOT_SCHEDULED.includes(kind)) return SCHEDULED_KEY;
  return queue === DLQ_KEY && locations.dlq ? DLQ_KEY : undefined;
}

/** What is known when a finding is to be repaired. */
export interface RepairCircumstances {
  locations: Locations;
  broker: BrokerKnowledge;
  wrongType: readonly WrongTypeKey[];
}

/** What keeps a finding from repair; null if nothing does. Pure. */
export function obstacleOf(
  finding: Finding,
  { locations, broker, wrongType }: RepairCircumstances,
  { only }: Pick<Settings, 'only'>,
): Obstacle | null {
  if (finding.repair === null) return null;
  if (broker !== 'read' && MAY_BE_SENT.includes(finding.kind)) {
    return { code: 'undecided', queue: null, type: null };
  }
  const unusable = wrongType.find(({ key }) => key === finding.queue);
  if (unusable) return { code: 'no-queue', queue: unusable.key, type: unusable.type };
  if (isOfEntry(finding) || only.includes('stale-entry')) return null;
  const queue = queueHolding(finding, locations);
  return queue === undefined ? null : { code: 'in-wrong-queue', queue, type: null };
}

/** True if no queue and no message holds the id by now, not even a stale entry that could not be removed. Pure. */
export function isStillMissing(finding: Finding, snapshot: QueueSnapshot): boolean {
  const locations = locationsOf(snapshot, idBytes(finding));
  const circumstances = { locations, broker: snapshot.brokerKnowledge, wrongType: [] };
  return obstacleOf(finding, circumstances, { only: [] }) === null && !isInPlace(finding, locations);
}
