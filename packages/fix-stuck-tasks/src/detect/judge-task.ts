import {
  type BrokerKnowledge,
  DLQ_KEY,
  type Locations,
  PENDING_PRIMARY_KEY,
  PENDING_RETRY_KEY,
  SCHEDULED_KEY,
} from '@atf/core';
import type { Settings } from '../options.js';
import type { TaskReading } from '../read/read-tasks.js';
import { ageOf, beatSeconds, isAlive, maxRetriesOf, retryCountOf } from './ages.js';
import { basisOf, type Finding, type TaskFinding } from './finding.js';

/** What a judgement needs to know apart from the task. */
export interface JudgeContext {
  locations: Locations;
  broker: BrokerKnowledge;
  now: Date;
  settings: Settings;
}

/**
 * Whether a task is stuck or not where its state belongs, and how to repair it; undefined if nothing is wrong. All evidence
 * must be there: what may still run is left alone. The task must not be defective. Pure.
 */
export function judgeTask(reading: TaskReading, context: JudgeContext): TaskFinding | undefined {
  const wrong = reading.state && JUDGES[reading.state]?.(reading, context);
  return wrong ? { ...evidenceOf(reading, context), ...wrong } : undefined;
}

/** What is known of a task that does not depend on what is wrong with it. */
export function evidenceOf(
  reading: TaskReading,
  { now }: Pick<JudgeContext, 'now'>,
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
type Judge = (reading: TaskReading, context: JudgeContext) => Wrong | undefined;

const JUDGES: Partial<Record<NonNullable<TaskReading['state']>, Judge>> = {
  ACTIVE: ({ fields, beat }, { locations, broker, now, settings }) => {
    if (!isOlder(ageOf(fields, now), settings.activeTimeoutMs)) return undefined;
    if (isAlive(beat, now) || locations.broker) return undefined;
    const hasAttempts = retryCountOf(fields) < maxRetriesOf(fields);
    return {
      kind: 'stuck-active',
      repair: hasAttempts ? 'retry' : 'give-up',
      queue: hasAttempts ? PENDING_RETRY_KEY : DLQ_KEY,
      broker,
    };
  },
  PENDING: ({ fields }, { locations, broker, now, settings }) => {
    if (!isOlder(ageOf(fields, now), settings.pendingTimeoutMs)) return undefined;
    if (locations.primary || locations.retry || locations.broker || broker !== 'read') return undefined;
    const queue = retryCountOf(fields) > 0 ? PENDING_RETRY_KEY : PENDING_PRIMARY_KEY;
    return { kind: 'orphaned-pending', repair: 'enqueue', queue, broker };
  },
  FAILED: ({ fields }, { locations, broker, now, settings }) => {
    if (!isOlder(ageOf(fields, now), settings.activeTimeoutMs)) return undefined;
    if (locations.primary || locations.retry || locations.dlq || locations.scheduled || locations.broker)
      return undefined;
    const repair = settings.include.includes('failed') ? 'release' : null;
    return { kind: 'failed', repair, queue: PENDING_RETRY_KEY, broker };
  },
  SCHEDULED: ({ score }, { locations, now, settings }) => {
    if (locations.broker) return undefined;
    if (score === undefined) {
      if (locations.scheduled || locations.primary || locations.retry) return undefined;
      return { kind: 'orphaned-scheduled', repair: 'enqueue', queue: SCHEDULED_KEY };
    }
    const due = now.getTime() - score * 1000;
    if (!(due > settings.scheduledGraceMs)) return undefined;
    const seconds = Math.floor(due / 1000);
    const dueSeconds = Number.isSafeInteger(seconds) ? seconds : null; // a score may be any number
    return { kind: 'overdue-scheduled', repair: 'release', queue: PENDING_RETRY_KEY, dueSeconds };
  },
  DLQ: (_, { locations }) =>
    locations.dlq ? undefined : { kind: 'orphaned-dlq', repair: 'enqueue', queue: DLQ_KEY },
};

function isOlder(age: number | undefined, ms: number): boolean {
  return age !== undefined && age > ms;
}
