import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Broker,
  brokerKnowledge,
  type Deps,
  locationsOf,
  type QueueSnapshot,
  takeQueueSnapshot,
} from '@atf/core';
import type { TaskFinding } from './detect/finding.js';
import { isInPlace } from './detect/placement.js';
import { readTasks } from './read/read-tasks.js';

/** The time between two snapshots: between two steps of a consumer or a worker an id is in no queue. */
const BETWEEN_SNAPSHOTS_MS = 2_000;
/** A task that changed so lately may be between its hash and its queue, whatever the clocks say. */
const FRESH_MS = 10_000;

interface RecheckOptions {
  first: QueueSnapshot;
  broker: Broker;
  dueBefore: number;
}

/**
 * Takes a second snapshot if tasks seem to be in no queue. Drops those that are found there, or have changed. If a step may
 * have been under way at the first snapshot, the second comes no earlier than two seconds later.
 */
export async function recheck(
  deps: Deps,
  findings: readonly TaskFinding[],
  { first, broker, dueBefore }: RecheckOptions,
): Promise<{ findings: TaskFinding[]; snapshot: QueueSnapshot; unjudged: number }> {
  if (!findings.some(isNowhere)) return { findings: [...findings], snapshot: first, unjudged: 0 };
  if (findings.some(mayBeUnderWay)) {
    deps.progress({ step: 'wait-before-recheck', what: 'Waiting before a second look', done: 0 });
    const left = first.endedAt + BETWEEN_SNAPSHOTS_MS - performance.now();
    if (left > 0) await sleep(left, undefined, { signal: deps.signal }).catch(() => {});
    deps.signal.throwIfAborted();
  }
  const snapshot = await takeQueueSnapshot(deps, deps.target.client, { broker, dueBefore });
  const missing = findings.filter((finding) => !isInPlace(finding, locationsOf(snapshot, finding.id)));
  const open = await unchanged(deps, missing);
  const isUnjudged = ({ kind }: TaskFinding) =>
    kind === 'orphaned-pending' && brokerKnowledge(snapshot) !== 'read';
  return {
    findings: open.filter((finding) => !isUnjudged(finding)),
    snapshot,
    unjudged: open.filter(isUnjudged).length,
  };
}

/** Those whose task is still what it was before the snapshot. Cost: a call for 100. */
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

function isNowhere({ kind }: TaskFinding): boolean {
  return kind !== 'stuck-active' && kind !== 'overdue-scheduled';
}

/** A consumer or a scheduler takes an id out of one queue before it puts it into the next, however old its task is. */
function mayBeUnderWay({ kind, age }: TaskFinding): boolean {
  if (kind === 'orphaned-pending' || kind === 'orphaned-scheduled') return true;
  return (kind === 'orphaned-dlq' || kind === 'failed') && (age ?? 0) < FRESH_MS;
}
