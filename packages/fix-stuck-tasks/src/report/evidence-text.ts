import { DLQ_KEY, plainText, SCHEDULED_KEY } from '@atf/core';
import type { Obstacle } from '../detect/finding.js';
import { durationText } from '../duration-text.js';
import type { ReportedFinding } from '../schema.js';

/** A finding in words: its evidence and its repair. Safe to print. Pure. */
export function evidenceText(finding: ReportedFinding): string {
  return `${evidence(finding)} → ${repairText(finding)}`;
}

function evidence(finding: ReportedFinding): string {
  const { kind, state, queue, dueSeconds } = finding;
  switch (kind) {
    case 'stuck-active':
      return `ACTIVE for ${age(finding)}, ${workerText(finding)}, ${brokerText(finding)}`;
    case 'orphaned-pending':
      return `PENDING, unchanged for ${age(finding)}, in no queue, ${brokerText(finding)}`;
    case 'orphaned-scheduled':
      return `SCHEDULED for ${age(finding)}, not in ${SCHEDULED_KEY}`;
    case 'overdue-scheduled':
      return `SCHEDULED, due for ${dueSeconds === null ? 'ever' : durationText(dueSeconds)}`;
    case 'orphaned-dlq':
      return `DLQ for ${age(finding)}, not in ${DLQ_KEY}`;
    case 'failed':
      return `FAILED for ${age(finding)}, in no queue`;
    case 'ghost-entry':
      return `in ${queue}, but there is no such task`;
    case 'queued-and-sent':
      return `in ${queue}, and in a message of the broker: it would run twice`;
    case 'not-consumed':
      return `in ${queue}, unchanged for ${age(finding)}, and no consumer sends heartbeats`;
    case 'unindexed-message':
      return 'in a message that a worker has taken and that no index lists: no worker ever takes it again';
    case 'future-active':
      return `ACTIVE since a moment that is ${durationText(-(finding.ageSeconds ?? 0))} in the future`;
    case 'stale-entry':
      return staleText(finding, state ?? 'of no state');
  }
}

function staleText(finding: ReportedFinding, state: string): string {
  const { fault, queue } = finding;
  if (fault === 'twice') return `${state}, more than once in ${queue}`;
  if (fault === 'both') return `${state}, in both pending lists`;
  if (fault === 'unscheduled') return `${state} in a pending list, and still in ${queue}`;
  return `${state} for ${age(finding)}, but in ${queue}`;
}

function repairText({
  kind,
  repair,
  queue,
  retryCount,
  maxRetries,
  fault,
  obstacle,
}: ReportedFinding): string {
  if (obstacle !== null) return `left alone: ${obstacleText(obstacle)}`;
  switch (repair) {
    case 'retry':
      return `PENDING in ${queue}, attempt ${(retryCount ?? 0) + 1} of ${maxRetries}`;
    case 'give-up':
      return `DLQ, ${retryCount} of ${maxRetries} attempts are used up`;
    case 'release':
      return `PENDING in ${queue}`;
    case 'enqueue':
      return `back in ${queue}`;
    case 'remove':
      return fault === 'twice' ? 'one entry stays' : `entry removed from ${queue}`;
    case null:
      return kind === 'failed' ? 'only reported (--include failed puts it back)' : 'only reported';
  }
}

function obstacleText({ code, queue, type }: Obstacle): string {
  if (code === 'undecided') return 'undecided, its message may wait in the broker';
  if (code === 'no-queue') return `${queue} is a ${plainText(type ?? '')}`;
  return `its id is in ${queue}, where it does not belong, and --only leaves it there`;
}

function age({ ageSeconds }: ReportedFinding): string {
  return ageSeconds === null ? 'an unknown time' : durationText(ageSeconds);
}

function workerText({ workerId, heartbeatAgeSeconds: beat, workerMovedOn }: ReportedFinding): string {
  if (workerId === null) return 'no worker is named';
  const worker = `worker ${plainText(workerId, 60)}`;
  if (beat === null) return `${worker} has no heartbeat`;
  if (workerMovedOn) return `${worker} has sent a heartbeat since and no longer runs it`;
  return beat < 0
    ? `${worker}'s heartbeat is dated in the future`
    : `${worker}'s last heartbeat was ${durationText(beat)} ago`;
}

function brokerText({ broker }: ReportedFinding): string {
  return broker === 'read' ? 'not in the broker' : 'in no broker message that can be read';
}
