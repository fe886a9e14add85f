import {
  type BackupWriter,
  type Deps,
  failureOf,
  findPositions,
  type HeldLock,
  Pacer,
  type Positions,
  type Redis,
  StoppedError,
  startBackup,
  type WorkDone,
} from '@atf/core';
import type { Candidate } from '../detect/candidate.js';
import type { DeleteDefectiveTasksResult, DeleteOutcome } from '../schema.js';
import { TaskDeleter, type TaskToDelete } from './delete-tasks.js';
import { gatherTask } from './gather-task.js';
import { removeLeftovers } from './remove-leftovers.js';

/** Tasks in one atomic step at full pace, and the most in any. */
const BATCH = 100;
/** Dumps requested at once: a task may hold tens of megabytes. */
const CONCURRENT_DUMPS = 16;

/** What became of the tasks to delete. */
export interface Deletion extends Pick<DeleteDefectiveTasksResult, 'removed'> {
  /** Of those that were reached, in order. */
  outcomes: Map<Candidate, DeleteOutcome>;
  /** True if it ended before it had reached all. */
  stopped: boolean;
}

/** Deletes tasks, each saved first if there is a path for a backup. The backup gets its end record last. */
export async function deleteWithBackup(
  deps: Deps,
  toDelete: readonly Candidate[],
  { backup: path, lock }: { backup: string | undefined; lock: HeldLock },
): Promise<Deletion> {
  const backup =
    path === undefined ? undefined : await startBackup(deps, { path, tool: 'delete-defective-tasks' });
  const deletion = await deleteCandidates(deps, toDelete, { backup, lock }).catch(async (error: unknown) => {
    await backup?.abandon();
    throw error;
  });
  await backup?.close().catch((error: unknown) => {
    throw failureOf(error, deps.target, workDone(deletion, 0));
  });
  return deletion;
}

/** Deletes tasks in batches. Ends early if the run is stopped. */
async function deleteCandidates(
  deps: Deps,
  candidates: readonly Candidate[],
  { backup, lock }: { backup: BackupWriter | undefined; lock: HeldLock },
): Promise<Deletion> {
  const { client } = deps.target;
  const removed = { listEntries: 0, scheduledEntries: 0, deadLetterCopies: 0, counted: 0 };
  const deletion: Deletion = { outcomes: new Map(), removed, stopped: false };
  const { outcomes } = deletion;
  let unanswered = 0;
  try {
    let places = await findPositions(deps, client, candidates);
    const toDelete = inOrderOfPlaces(candidates, places);
    const pacer = new Pacer(client, { pace: deps.pace, size: BATCH, max: BATCH });
    let deleter = new TaskDeleter(client, lock);
    for (let from = 0, to = 0; from < toDelete.length; from = to) {
      deps.signal.throwIfAborted();
      to = from + pacer.size;
      const { batch, gone } = await prepare(client, toDelete.slice(from, to), { places, backup });
      for (const candidate of gone) outcomes.set(candidate, 'gone');
      const done = await pacer.run(() => {
        unanswered = batch.length;
        return deleter.delete(batch);
      });
      unanswered = 0;
      for (const [i, outcome] of done.outcomes.entries()) outcomes.set(batch[i]!.candidate, outcome);
      removed.listEntries += done.listEntries;
      removed.scheduledEntries += done.scheduledEntries;
      removed.deadLetterCopies += done.deadLetterCopies;
      removed.counted += done.counted;
      if (done.moved > 0 && to < toDelete.length) {
        places = await findPositions(deps, client, toDelete.slice(to));
        deleter = new TaskDeleter(client, lock);
      }
      deps.progress({ step: 'delete', what: 'Deleting tasks', done: outcomes.size, total: toDelete.length });
    }
    const deleted = [...outcomes].flatMap(([candidate, outcome]) =>
      outcome === 'deleted' ? [candidate] : [],
    );
    removed.listEntries += await removeLeftovers(deps, deleted, lock);
  } catch (error) {
    if (error instanceof StoppedError && outcomes.size > 0) return { ...deletion, stopped: true };
    throw failureOf(error, deps.target, workDone(deletion, unanswered));
  }
  return deletion;
}

/**
 * Tasks that stand together in a list follow each other. What a step marks for removal is then close together, and the walk
 * along the list that removes it is short.
 */
function inOrderOfPlaces(candidates: readonly Candidate[], places: Positions<Candidate>): Candidate[] {
  const rank = (candidate: Candidate) => {
    const [first] = places.get(candidate) ?? [];
    return first ? first.list * 2 ** 40 + first.fromTail : -1;
  };
  return candidates.toSorted((one, other) => rank(one) - rank(other));
}

/** Saves tasks if there is a backup, and says which of them are gone by then. */
async function prepare(
  client: Redis,
  candidates: readonly Candidate[],
  { places, backup }: { places: Positions<Candidate>; backup: BackupWriter | undefined },
): Promise<{ batch: TaskToDelete[]; gone: Candidate[] }> {
  const tasks = candidates.map((candidate) => ({
    candidate,
    places: places.get(candidate) ?? [],
    evidence: undefined,
  }));
  if (!backup) return { batch: tasks, gone: [] };
  const batch: TaskToDelete[] = [];
  const gone: Candidate[] = [];
  for (let from = 0; from < tasks.length; from += CONCURRENT_DUMPS) {
    const some = tasks.slice(from, from + CONCURRENT_DUMPS);
    const gathered = await Promise.all(some.map((task) => gatherTask(client, task.candidate, task.places)));
    await backup.append(gathered.flatMap((task) => (task ? [task.record] : [])));
    for (const [i, task] of gathered.entries()) {
      if (task) batch.push({ ...some[i]!, evidence: task.evidence });
      else gone.push(some[i]!.candidate);
    }
  }
  await backup.sync();
  return { batch, gone };
}

/** What a failure reports as done. `unconfirmed` deletions are in a call without an answer. */
function workDone({ outcomes }: Deletion, unconfirmed: number): WorkDone {
  const deleted = [...outcomes.values()].filter((outcome) => outcome === 'deleted').length;
  return { action: 'deleted', counts: { tasks: deleted }, unconfirmed };
}
