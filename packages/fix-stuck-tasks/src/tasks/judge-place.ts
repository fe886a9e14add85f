import { DLQ_KEY, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY, SCHEDULED_KEY } from '@atf/core';
import { basisOf, type Finding, type TaskFinding } from '../finding.js';
import type { Settings } from '../options.js';
import type { Seen } from '../places/look.js';
import { ageOf, beatSeconds, isAlive, maxRetriesOf, retryCountOf } from './ages.js';
import type { TaskReading } from './read-tasks.js';

/** What a judgement needs to know beside the task. */
export interface Surroundings {
  seen: Seen;
  /** How far the broker's messages are known. */
  broker: 'read' | 'not-read' | 'unreadable';
  now: Date;
  settings: Settings;
}

/**
 * Whether a task is stuck or in a wrong place, and what is to be done about it; undefined where it is not. All evidence must
 * be there: what may still run is left alone. The task must not be defective. Pure.
 */
export function judgePlace(reading: TaskReading, around: Surroundings): TaskFinding | undefined {
  const wrong = reading.state && JUDGES[reading.state]?.(reading, around);
  return wrong ? { ...evidenceOf(reading, around), ...wrong } : undefined;
}

/** What is known of a task that does not depend on what is wrong with it. */
export function evidenceOf(
  reading: TaskReading,
  { now }: Pick<Surroundings, 'now'>,
): Omit<TaskFinding, 'kind' | 'repair'> {
  return {
    id: reading.id,
    state: reading.state ?? null,
    age: ageOf(reading.fields, now) ?? null,
    worker: reading.worker,
    heartbeatAgeSeconds: beatSeconds(reading.beat, now),
    broker: null,
    dueSeconds: null,
    retryCount: retryCountOf(reading.fields),
    maxRetries: maxRetriesOf(reading.fields),
    fault: null,
    queue: null,
    obstacle: null,
    basis: basisOf(reading),
  };
}

type Wrong = Pick<Finding, 'kind' | 'repair' | 'queue'> & Partial<Pick<Finding, 'broker' | 'dueSeconds'>>;
type Judge = (reading: TaskReading, around: Surroundings) => Wrong | undefined;

const JUDGES: Partial<Record<NonNullable<TaskReading['state']>, Judge>> = {
  ACTIVE: ({ fields, beat }, { seen, broker, now, settings }) => {
    if (!isOlder(ageOf(fields, now), settings.activeTimeoutMs)) return undefined;
    if (isAlive(beat, now) || seen.broker) return undefined;
    const hasAttempts = retryCountOf(fields) < maxRetriesOf(fields);
    return {
      kind: 'stuck-active',
      repair: hasAttempts ? 'retry' : 'give-up',
      queue: hasAttempts ? PENDING_RETRY_KEY : DLQ_KEY,
      broker,
    };
  },
  PENDING: ({ fields }, { seen, broker, now, settings }) => {
    if (!isOlder(ageOf(fields, now), settings.pendingTimeoutMs)) return undefined;
    if (seen.primary || seen.retry || seen.broker || broker !== 'read') return undefined;
    const queue = retryCountOf(fields) > 0 ? PENDING_RETRY_KEY : PENDING_PRIMARY_KEY;
    return { kind: 'orphaned-pending', repair: 'enqueue', queue, broker };
  },
  FAILED: ({ fields }, { seen, broker, now, settings }) => {
    if (!isOlder(ageOf(fields, now), settings.activeTimeoutMs)) return undefined;
    if (seen.primary || seen.retry || seen.dlq || seen.scheduled || seen.broker) return undefined;
    const repair = settings.include.includes('failed') ? 'release' : null;
    return { kind: 'failed', repair, queue: PENDING_RETRY_KEY, broker };
  },
  SCHEDULED: ({ score }, { seen, now, settings }) => {
    if (seen.broker) return undefined;
    if (score === undefined) {
      if (seen.scheduled || seen.primary || seen.retry) return undefined;
      return { kind: 'orphaned-scheduled', repair: 'enqueue', queue: SCHEDULED_KEY };
    }
    const due = now.getTime() - score * 1000;
    if (!(due > settings.scheduledGraceMs)) return undefined;
    const seconds = Math.floor(due / 1000);
    const dueSeconds = Number.isSafeInteger(seconds) ? seconds : null; // a score may be any number
    return { kind: 'overdue-scheduled', repair: 'release', queue: PENDING_RETRY_KEY, dueSeconds };
  },
  DLQ: (_, { seen }) => (seen.dlq ? undefined : { kind: 'orphaned-dlq', repair: 'enqueue', queue: DLQ_KEY }),
};

function isOlder(age: number | undefined, ms: number): boolean {
  return age !== undefined && age > ms;
}
