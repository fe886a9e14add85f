import {
  DLQ_KEY,
  type Locations,
  PENDING_PRIMARY_KEY,
  PENDING_RETRY_KEY,
  type WrongTypeKey,
} from '@atf/core';
import type { Settings } from '../options.js';
import { type Finding, isOfEntry, type Obstacle } from './finding.js';

/** True if the queue that misses a task holds it, so that nothing is to be done. Pure. */
export function isInPlace({ kind }: Pick<Finding, 'kind'>, locations: Locations): boolean {
  const { primary, retry, dlq, scheduled, broker } = locations;
  if (kind === 'stuck-active' || kind === 'overdue-scheduled') return broker;
  if (kind === 'orphaned-pending') return primary || retry || broker;
  if (kind === 'orphaned-dlq') return dlq;
  if (kind === 'orphaned-scheduled') return scheduled || primary || retry || broker;
  return primary || retry || dlq || scheduled || broker;
}

/** The queue that must lose a task's id before the task is put back; undefined if none holds it. Pure. */
export function queueHolding({ queue }: Pick<Finding, 'queue'>, locations: Locations): string | undefined {
  if (locations.primary) return PENDING_PRIMARY_KEY;
  if (locations.retry) return PENDING_RETRY_KEY;
  return queue === DLQ_KEY && locations.dlq ? DLQ_KEY : undefined;
}

/** What keeps a finding from repair; null if nothing does. Pure. */
export function obstacleOf(
  finding: Finding,
  locations: Locations,
  { wrongType, only }: { wrongType: readonly WrongTypeKey[] } & Pick<Settings, 'only'>,
): Obstacle | null {
  const unusable = wrongType.find(({ key }) => key === finding.queue);
  if (unusable) return { code: 'no-queue', queue: unusable.key, type: unusable.type };
  if (isOfEntry(finding) || only.includes('stale-entry')) return null;
  const queue = queueHolding(finding, locations);
  return queue === undefined ? null : { code: 'in-wrong-queue', queue, type: null };
}
