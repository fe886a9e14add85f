import { setTimeout as sleep } from 'node:timers/promises';
import { type Deps, DLQ_KEY, PENDING_PRIMARY_KEY, PENDING_RETRY_KEY } from '@atf/core';
import { brokerOf } from './find-in-tasks.js';
import type { Finding, TaskFinding } from './finding.js';
import type { BrokerSource } from './places/broker-source.js';
import { type Look, lookAtPlaces, type Seen, seenIn } from './places/look.js';
import { readTasks } from './tasks/read-tasks.js';

/** The time between two looks: for moments an id is in no place, between two steps of a consumer or a worker. */
const BETWEEN_LOOKS_MS = 2_000;
/** A task that changed so lately may be between its hash and its queue, whatever the clocks say. */
const FRESH_MS = 10_000;

interface Looks {
  first: Look;
  broker: BrokerSource;
  dueBefore: number;
}

/**
 * Looks at all places a second time where tasks seem to be in none, and drops those that are seen there, or have changed. No earlier than
 * two seconds after the first look where a step may have been under way then.
 */
export async function lookAgain(
  deps: Deps,
  findings: readonly TaskFinding[],
  { first, broker, dueBefore }: Looks,
): Promise<{ findings: TaskFinding[]; look: Look; unjudged: number }> {
  if (!findings.some(isNowhere)) return { findings: [...findings], look: first, unjudged: 0 };
  if (findings.some(mayBeUnderWay)) {
    deps.progress({ step: 'wait-before-recheck', what: 'Waiting before a second look', done: 0 });
    const left = first.endedAt + BETWEEN_LOOKS_MS - performance.now();
    if (left > 0) await pause(left, deps.signal);
  }
  const look = await lookAtPlaces(deps, deps.target.client, { broker, dueBefore });
  const nowhere = findings.filter((finding) => !isPlaced(finding, seenIn(look, finding.id)));
  const open = await unchanged(deps, nowhere);
  const isUnjudged = ({ kind }: TaskFinding) => kind === 'orphaned-pending' && brokerOf(look) !== 'read';
  return {
    findings: open.filter((finding) => !isUnjudged(finding)),
    look,
    unjudged: open.filter(isUnjudged).length,
  };
}

/** Those whose task is still what it was before the look. Cost: a call for 100. */
async function unchanged(
  { target }: Pick<Deps, 'target'>,
  findings: readonly TaskFinding[],
): Promise<TaskFinding[]> {
  const readings = await readTasks(
    target.client,
    findings.map(({ basis }) => basis.key),
  );
  const fingerprints = new Set(readings.map(({ key, fingerprint }) => nameOf(key, fingerprint)));
  return findings.filter(({ basis: { key, fingerprint } }) => fingerprints.has(nameOf(key, fingerprint)));
}

const nameOf = (key: Buffer, fingerprint: string): string => `${fingerprint} ${key.toString('latin1')}`;

/** True where a place holds the task that it is missed in, so that nothing is to be done. Pure. */
export function isPlaced({ kind }: Pick<TaskFinding, 'kind'>, seen: Seen): boolean {
  if (kind === 'stuck-active') return seen.broker;
  if (kind === 'orphaned-pending') return seen.primary || seen.retry || seen.broker;
  if (kind === 'orphaned-dlq') return seen.dlq;
  if (kind === 'orphaned-scheduled') return seen.scheduled || seen.primary || seen.retry || seen.broker;
  if (kind === 'overdue-scheduled') return seen.broker;
  return seen.primary || seen.retry || seen.dlq || seen.scheduled || seen.broker;
}

/** The queue that must let go of a task's id before the task is put back; undefined where none holds it. Pure. */
export function queueHolding({ queue }: Pick<Finding, 'queue'>, seen: Seen): string | undefined {
  if (seen.primary) return PENDING_PRIMARY_KEY;
  if (seen.retry) return PENDING_RETRY_KEY;
  return queue === DLQ_KEY && seen.dlq ? DLQ_KEY : undefined;
}

function isNowhere({ kind }: TaskFinding): boolean {
  return kind !== 'stuck-active' && kind !== 'overdue-scheduled';
}

/** A consumer or a scheduler takes an id out of one place before it puts it into the next, however old its task is. */
function mayBeUnderWay({ kind, age }: TaskFinding): boolean {
  if (kind === 'orphaned-pending' || kind === 'orphaned-scheduled') return true;
  return isNowhere({ kind } as TaskFinding) && (age ?? 0) < FRESH_MS;
}

/** @throws StoppedError where the run is stopped meanwhile */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}
