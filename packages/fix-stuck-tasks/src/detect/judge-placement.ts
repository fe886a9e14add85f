import {
  type BrokerKnowledge,
  DLQ_KEY,
  judgeTask,
  keyName,
  type Locations,
  PENDING_PRIMARY_KEY,
  PENDING_RETRY_KEY,
  type QueueSnapshot,
  SCHEDULED_KEY,
  type TaskState,
} from '@atf/core';
import type { Settings } from '../options.js';
import type { TaskReading } from '../read/read-tasks.js';
import { ageOf, beatSeconds, changedAt, isAlive, maxRetriesOf, retryCountOf, workerMovedOn } from './ages.js';
import { type Finding, newFinding, type TaskFinding } from './finding.js';

/** What is known apart from the task. */
export interface JudgeContext {
  locations: Locations;
  broker: BrokerKnowledge;
  /** True if a consumer sends heartbeats. */
  hasConsumer: boolean;
  now: Date;
  settings: Settings;
}

/** What is the same for all tasks and entries of a run. */
export type SearchContext = Omit<JudgeContext, 'locations'> & { snapshot: QueueSnapshot };

/** A date may be this far in the future, because clocks differ. */
export const FUTURE_MS = 60_000;

/**
 * Says whether a task is stuck, or not in the queue of its state, and how to repair it. Undefined if nothing is wrong, or if the
 * evidence is incomplete: a task that may still run is left alone. Do not call it for a defective task. Pure.
 */
export function judgePlacement(reading: TaskReading, context: JudgeContext): TaskFinding | undefined {
  const judgement = reading.state && JUDGES[reading.state]?.(reading, context);
  return judgement && newTaskFinding(reading, context, judgement);
}

/** A finding about a task: what is wrong, and the evidence that is the same whatever is wrong. */
export function newTaskFinding(
  { id, state, fields, worker, beat, fingerprint }: TaskReading,
  { now }: Pick<JudgeContext, 'now'>,
  judgement: Judgement,
): TaskFinding {
  const changed = changedAt(fields);
  const finding = newFinding(judgement.kind, id, {
    state: state ?? null,
    age: ageOf(fields, now) ?? null,
    worker: worker?.toString('latin1') ?? null,
    heartbeatAgeSeconds: beatSeconds(beat, now),
    retryCount: retryCountOf(fields),
    maxRetries: maxRetriesOf(fields),
    basis: {
      fingerprint,
      beat: beat.kind === 'string' ? beat.bytes.toString('latin1') : null,
      changedAt: state !== 'ACTIVE' || changed === undefined ? null : changed / 1000,
      retryAfter: state === 'SCHEDULED' ? fields.retry_after : null,
    },
  });
  return Object.assign(finding, judgement);
}

type Judgement = Pick<Finding, 'kind'> &
  Partial<Pick<Finding, 'repair' | 'queue' | 'broker' | 'dueSeconds' | 'workerMovedOn' | 'fault'>>;
type Judge = (reading: TaskReading, context: JudgeContext) => Judgement | undefined;

const JUDGES: Partial<Record<TaskState, Judge>> = {
  ACTIVE: (reading, { locations, broker, now, settings }) => {
    const { fields, beat } = reading;
    const age = ageOf(fields, now);
    if (age !== undefined && age < -FUTURE_MS) return { kind: 'future-active' };
    if (!isOlder(age, settings.activeTimeoutMs) || locations.broker) return undefined;
    const movedOn = workerMovedOn(reading);
    if (!movedOn && isAlive(beat, now)) return undefined;
    const hasAttempts = retryCountOf(fields) < maxRetriesOf(fields);
    return {
      kind: 'stuck-active',
      repair: hasAttempts ? 'retry' : 'give-up',
      queue: hasAttempts ? PENDING_RETRY_KEY : DLQ_KEY,
      broker,
      workerMovedOn: movedOn,
    };
  },
  PENDING: ({ fields }, { locations, broker, hasConsumer, now, settings }) => {
    const queue = locations.primary ? PENDING_PRIMARY_KEY : locations.retry ? PENDING_RETRY_KEY : undefined;
    if (queue && locations.broker) return { kind: 'queued-and-sent', queue };
    if (!isOlder(ageOf(fields, now), settings.pendingTimeoutMs)) return undefined;
    if (queue) return hasConsumer ? undefined : { kind: 'not-consumed', queue };
    if (locations.broker) return undefined;
    const target = retryCountOf(fields) > 0 ? PENDING_RETRY_KEY : PENDING_PRIMARY_KEY;
    return { kind: 'orphaned-pending', repair: 'enqueue', queue: target, broker };
  },
  FAILED: ({ fields }, { locations, broker, now, settings }) => {
    if (!isOlder(ageOf(fields, now), settings.activeTimeoutMs)) return undefined;
    if (Object.values(locations).includes(true)) return undefined;
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

/** True if delete-defective-tasks would call the task defective. `task_id` is not compared with the key. */
export function isDefective({ id, fields }: TaskReading): boolean {
  return judgeTask(keyName(id), { kind: 'hash', fields }).verdict === 'defective';
}

function isOlder(age: number | undefined, ms: number): boolean {
  return age !== undefined && age > ms;
}
