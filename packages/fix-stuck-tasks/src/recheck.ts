import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Broker,
  type Deps,
  findPositions,
  locationsOf,
  type QueueSnapshot,
  takeQueueSnapshot,
} from '@atf/core';
import { idBytes, type TaskFinding, taskKeyOf } from './detect/finding.js';
import { isResolved } from './detect/placement.js';
import type { Kind } from './kinds.js';
import { readTasks } from './read/read-tasks.js';

/** The time between two snapshots: between two steps of a consumer or a worker an id is in no queue. */
const BETWEEN_SNAPSHOTS_MS = 2_000;
/** A task that changed so recently may be between its hash and its queue, whatever the clocks say. */
const FRESH_MS = 10_000;

/** Waits so many ms, or until the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

const reallyWait: Wait = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {});

interface RecheckOptions {
  first: QueueSnapshot;
  broker: Broker;
  dueBefore: number;
  wait: Wait | undefined;
}

/**
 * Takes a second snapshot if tasks seem to be in no queue. Drops those that are found there, or have changed. If a step may
 * have been under way at the first snapshot, the second comes no earlier than two seconds later.
 */
export async function recheck(
  deps: Deps,
  all: readonly TaskFinding[],
  { first, broker, dueBefore, wait = reallyWait }: RecheckOptions,
): Promise<{ findings: TaskFinding[]; snapshot: QueueSnapshot }> {
  const findings = await stillQueued(deps, all);
  if (!findings.some(({ kind }) => NOWHERE.includes(kind))) return { findings, snapshot: first };
  if (findings.some(mayBeUnderWay)) {
    deps.progress({ step: 'wait-before-recheck', what: 'Waiting before a second look', done: 0 });
    const left = first.endedAt + BETWEEN_SNAPSHOTS_MS - performance.now();
    if (left > 0) await wait(left, deps.signal);
    deps.signal.throwIfAborted();
  }
  const snapshot = await takeQueueSnapshot(deps, deps.target.client, { broker, dueBefore });
  const missing = findings.filter((finding) => !isResolved(finding, locationsOf(snapshot, idBytes(finding))));
  return { findings: await unchanged(deps, missing), snapshot };
}

/**
 * Drops ids that were queued when the lists were read, and sent when the broker was read: what a queue still holds afterwards
 * was in both at once. Cost: each list is read once if there are such ids.
 */
async function stillQueued(
  deps: Pick<Deps, 'target' | 'signal'>,
  findings: readonly TaskFinding[],
): Promise<TaskFinding[]> {
  const wanted = findings.flatMap((finding) =>
    finding.kind === 'queued-and-sent' ? [{ finding, ids: [idBytes(finding)] }] : [],
  );
  const positions = await findPositions(deps, deps.target.client, wanted);
  const queued = new Set(
    wanted.filter((one) => positions.get(one)?.some(({ list }) => list < 2)).map(({ finding }) => finding),
  );
  return findings.filter((finding) => finding.kind !== 'queued-and-sent' || queued.has(finding));
}

/** Those whose task is still what it was before the snapshot. Cost: a call for 100. */
async function unchanged(
  { target }: Pick<Deps, 'target'>,
  findings: readonly TaskFinding[],
): Promise<TaskFinding[]> {
  const open: TaskFinding[] = [];
  for (let from = 0; from < findings.length; from += BATCH) {
    const batch = findings.slice(from, from + BATCH);
    const readings = await readTasks(target.client, batch.map(taskKeyOf));
    const fingerprints = new Map(readings.map(({ id, fingerprint }) => [id.toString('latin1'), fingerprint]));
    open.push(...batch.filter(({ id, basis }) => fingerprints.get(id) === basis.fingerprint));
  }
  return open;
}

const BATCH = 1_000;
const NOWHERE: readonly Kind[] = ['orphaned-pending', 'orphaned-scheduled', 'orphaned-dlq', 'failed'];

/** A consumer or a scheduler takes an id out of one queue before it puts it into the next, however old its task is. */
function mayBeUnderWay({ kind, age }: TaskFinding): boolean {
  if (kind === 'orphaned-pending' || kind === 'orphaned-scheduled') return true;
  return (kind === 'orphaned-dlq' || kind === 'failed') && (age ?? 0) < FRESH_MS;
}
