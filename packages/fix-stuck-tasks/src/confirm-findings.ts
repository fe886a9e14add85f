import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Broker,
  type Deps,
  findPositions,
  locationsOf,
  type QueueSnapshot,
  readDataVersion,
  takeQueueSnapshot,
} from '@atf/core';
import { idBytes, type TaskFinding, taskKeyOf } from './detect/finding.js';
import { isResolved } from './detect/placement.js';
import type { Kind } from './kinds.js';
import { inBatches, readTasks } from './read/read-tasks.js';

/** The time between two snapshots. Between two steps of a consumer or a worker, an id is in no queue. */
const BETWEEN_SNAPSHOTS_MS = 2_000;
/** The hash of a task that changed so recently may be written, and its queue not yet. */
const FRESH_MS = 10_000;

/** Waits so many ms, or until the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

const waitByTimer: Wait = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {});

interface ConfirmOptions {
  first: QueueSnapshot;
  /** What {@link versionOfServers} returned before the first snapshot. */
  version: string | undefined;
  broker: Broker;
  dueBefore: number;
  wait: Wait | undefined;
}

/**
 * Drops findings that only seemed wrong, because tasks moved while the queues were read. If tasks seem to be in no queue, it checks
 * again. If a task may have been on its way between two queues, it first waits until two seconds after the first snapshot.
 * - If nobody has written to the servers since the first snapshot began, all is as it was read, because only a write puts an id
 *   into a queue. It returns the first snapshot.
 * - Otherwise it takes a second snapshot, and drops findings that it resolves or whose task has changed.
 */
export async function confirmFindings(
  deps: Deps,
  candidates: readonly TaskFinding[],
  { first, version, broker, dueBefore, wait = waitByTimer }: ConfirmOptions,
): Promise<{ findings: TaskFinding[]; snapshot: QueueSnapshot }> {
  const findings = await confirmQueued(deps, candidates);
  if (!findings.some(({ kind }) => NOWHERE.includes(kind))) return { findings, snapshot: first };
  if (findings.some(mayBeMoving)) {
    deps.progress({ step: 'wait-before-second-snapshot', what: 'Waiting to read the queues again', done: 0 });
    const left = first.endedAt + BETWEEN_SNAPSHOTS_MS - performance.now();
    if (left > 0) await wait(left, deps.signal);
    deps.signal.throwIfAborted();
  }
  if (version !== undefined && version === (await versionOfServers(deps, broker)))
    return { findings, snapshot: first };
  const snapshot = await takeQueueSnapshot(deps, deps.target.client, { broker, dueBefore });
  return { findings: await unresolved(deps, findings, snapshot), snapshot };
}

/** As `readDataVersion`, for the servers of the tasks and of the broker together. Cost: two calls. */
export async function versionOfServers(
  { target }: Pick<Deps, 'target'>,
  broker: Broker,
): Promise<string | undefined> {
  const versions = [await readDataVersion(target.client), await broker.dataVersion()];
  return versions.includes(undefined) ? undefined : versions.join();
}

/**
 * Confirms `queued-and-sent`. The lists are read before the broker, and an id may have moved to the broker in between. It was in
 * both only if a list still holds it now; other ids are dropped. Cost: each list is read once if there are such findings.
 */
async function confirmQueued(
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

/** The findings that the snapshot does not resolve, and whose task has not changed since it was judged. Cost: a call for 100. */
async function unresolved(
  deps: Pick<Deps, 'target' | 'signal'>,
  findings: readonly TaskFinding[],
  snapshot: QueueSnapshot,
): Promise<TaskFinding[]> {
  const missing = findings.filter((finding) => !isResolved(finding, locationsOf(snapshot, idBytes(finding))));
  const unchanged: TaskFinding[] = [];
  let next = 0;
  for await (const readings of readTasks(deps, inBatches(missing, taskKeyOf))) {
    for (const reading of readings) {
      const finding = missing[next++]!;
      if (reading?.fingerprint === finding.basis.fingerprint) unchanged.push(finding);
    }
  }
  return unchanged;
}

const NOWHERE: readonly Kind[] = ['orphaned-pending', 'orphaned-scheduled', 'orphaned-dlq', 'failed'];

/** A consumer or a scheduler takes an id from one queue before it adds it to the next, also if the task is old. */
function mayBeMoving({ kind, age }: TaskFinding): boolean {
  if (kind === 'orphaned-pending' || kind === 'orphaned-scheduled') return true;
  return (kind === 'orphaned-dlq' || kind === 'failed') && (age ?? 0) < FRESH_MS;
}
