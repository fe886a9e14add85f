import {
  type BackupWriter,
  type Deps,
  findPositions,
  type HeldLock,
  Pacer,
  type Positions,
  type Redis,
} from '@atf/core';
import type { Candidate } from '../detect/candidate.js';
import { isClaimed, readUnacknowledged } from '../detect/unacknowledged.js';
import { TaskDeleter, type TaskToDelete } from './delete-tasks.js';
import { type Deletion, noteOutcome, reached } from './deletion.js';
import { gatherTask } from './gather-task.js';
import { removeLeftovers } from './remove-leftovers.js';

/** Tasks in one atomic step: this many at full pace, and never more. */
const BATCH = 100;
/** Tasks that are dumped at once. Each may have tens of megabytes. */
const CONCURRENT_DUMPS = 16;

interface RoundOptions {
  deletion: Deletion;
  backup: BackupWriter | undefined;
  lock: HeldLock;
}

/** Deletes the tasks of one round in batches, then their entries that other clients added to the queues meanwhile. */
export async function deleteRound(
  deps: Deps,
  round: readonly Candidate[],
  { deletion, backup, lock }: RoundOptions,
): Promise<void> {
  const { client } = deps.target;
  const unacknowledged = await readUnacknowledged(deps);
  const [claimed, free] = partition(round, (candidate) => isClaimed(unacknowledged, candidate));
  for (const candidate of claimed) noteOutcome(deletion, candidate, 'in-use');
  let positions = await findPositions(deps, client, free);
  const toDelete = inOrderOfPositions(free, positions);
  const deleted: Candidate[] = [];
  const pacer = new Pacer({ pace: deps.pace, size: BATCH, max: BATCH });
  let deleter = new TaskDeleter(client, lock);
  for (let from = 0, to = 0; from < toDelete.length; from = to) {
    deps.signal.throwIfAborted();
    to = from + pacer.size;
    const { batch, gone } = await prepare(client, toDelete.slice(from, to), { positions, backup });
    for (const candidate of gone) noteOutcome(deletion, candidate, 'gone');
    const { outcomes, moved, ...removed } = await pacer.run((_, timer) => {
      deletion.unanswered = batch.length;
      return deleter.delete(batch, timer);
    });
    deletion.unanswered = 0;
    for (const [i, { candidate }] of batch.entries()) {
      noteOutcome(deletion, candidate, outcomes[i]!);
      if (outcomes[i] === 'deleted') deleted.push(candidate);
    }
    for (const kind of Object.keys(removed) as (keyof typeof removed)[]) {
      deletion.removed[kind] += removed[kind];
    }
    if (moved > 0 && to < toDelete.length) {
      positions = await findPositions(deps, client, toDelete.slice(to));
      deleter = new TaskDeleter(client, lock);
    }
    deps.progress({ step: 'delete', what: 'Deleting tasks', done: reached(deletion) });
  }
  deletion.removed.listEntries += await removeLeftovers(deps, deleted, lock);
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  const parts: [T[], T[]] = [[], []];
  for (const item of items) parts[holds(item) ? 0 : 1].push(item);
  return parts;
}

/** Sorts tasks by their positions. The entries that one step removes are then close together, and its walk along a list is short. */
function inOrderOfPositions(
  candidates: readonly Candidate[],
  positions: Positions<Candidate>,
): readonly Candidate[] {
  const rank = (candidate: Candidate) => {
    const [first] = positions.get(candidate) ?? [];
    return first ? first.list * 2 ** 40 + first.fromTail : -1;
  };
  return candidates.toSorted((one, other) => rank(one) - rank(other));
}

/** Saves tasks if there is a backup, and returns separately those that are gone. */
async function prepare(
  client: Redis,
  candidates: readonly Candidate[],
  { positions, backup }: { positions: Positions<Candidate>; backup: BackupWriter | undefined },
): Promise<{ batch: TaskToDelete[]; gone: Candidate[] }> {
  const tasks = candidates.map((candidate) => ({
    candidate,
    positions: positions.get(candidate) ?? [],
    evidence: undefined,
  }));
  if (!backup) return { batch: tasks, gone: [] };
  const batch: TaskToDelete[] = [];
  const gone: Candidate[] = [];
  for (let from = 0; from < tasks.length; from += CONCURRENT_DUMPS) {
    const some = tasks.slice(from, from + CONCURRENT_DUMPS);
    const gathered = await Promise.all(
      some.map((task) => gatherTask(client, task.candidate, task.positions)),
    );
    await backup.append(gathered.flatMap((task) => (task ? [task.record] : [])));
    for (const [i, task] of gathered.entries()) {
      if (task) batch.push({ ...some[i]!, evidence: task.evidence });
      else gone.push(some[i]!.candidate);
    }
  }
  await backup.sync();
  return { batch, gone };
}
