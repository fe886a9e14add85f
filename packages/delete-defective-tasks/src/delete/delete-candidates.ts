import {
  type BackupWriter,
  type Deps,
  failureOf,
  findPlaces,
  type HeldLock,
  Pacer,
  type Places,
  type Redis,
  StoppedError,
  type WorkDone,
} from '@atf/core';
import { type Condemned, type Fate, TaskDeleter } from './delete-tasks.js';
import { gatherTask } from './gather-task.js';
import { removeLeftovers } from './remove-leftovers.js';
import type { Suspect } from './suspect.js';

/** Tasks in one atomic step at full pace, and the most in any. */
const BATCH = 100;
/** Dumps under way at once: a task may hold tens of megabytes. */
const AT_ONCE = 16;

/** What became of all that was to be deleted. */
export interface Deletion {
  /** Of those that were reached, in order. */
  fates: Map<Suspect, Fate>;
  /** List entries, members of the sorted set, dead-letter copies and counted tasks that were taken away. */
  entries: number;
  members: number;
  copies: number;
  counted: number;
  /** True where it ended before it had reached all. */
  stopped: boolean;
}

/** Deletes the condemned in batches, each saved first where there is a backup. Ends early when the run is stopped. */
export async function deleteCondemned(
  deps: Deps,
  all: readonly Suspect[],
  { backup, lock }: { backup: BackupWriter | undefined; lock: HeldLock },
): Promise<Deletion> {
  const { client } = deps.target;
  const done: Deletion = { fates: new Map(), entries: 0, members: 0, copies: 0, counted: 0, stopped: false };
  let underWay = 0;
  try {
    let places = await findPlaces(deps, client, all);
    const condemned = inOrderOfPlaces(all, places);
    const pacer = new Pacer(client, { pace: deps.pace, size: BATCH, max: BATCH });
    let deleter = new TaskDeleter(client, lock);
    for (let from = 0, to = 0; from < condemned.length; from = to) {
      deps.signal.throwIfAborted();
      to = from + pacer.size;
      const batch = await prepare(client, condemned.slice(from, to), { places, backup });
      for (const suspect of batch.gone) done.fates.set(suspect, 'gone');
      const { fates, moved, ...removed } = await pacer.run(() => {
        underWay = batch.condemned.length;
        return deleter.delete(batch.condemned);
      });
      underWay = 0;
      for (const [i, fate] of fates.entries()) done.fates.set(batch.condemned[i]!.suspect, fate);
      done.entries += removed.entries;
      done.members += removed.members;
      done.copies += removed.copies;
      done.counted += removed.counted;
      if (moved > 0 && to < condemned.length) {
        places = await findPlaces(deps, client, condemned.slice(to));
        deleter = new TaskDeleter(client, lock);
      }
      deps.progress({
        step: 'delete',
        what: 'Deleting tasks',
        done: done.fates.size,
        total: condemned.length,
      });
    }
    const deleted = [...done.fates].filter(([, fate]) => fate === 'deleted').map(([suspect]) => suspect);
    done.entries += await removeLeftovers(deps, deleted, lock);
  } catch (error) {
    if (error instanceof StoppedError && done.fates.size > 0) return { ...done, stopped: true };
    throw failureOf(error, deps.target, workDone(done, underWay));
  }
  return done;
}

/**
 * Those that stand together in a list follow each other: what a step marks for removal is then close together, and the
 * walk along the list that removes it is short.
 */
function inOrderOfPlaces(condemned: readonly Suspect[], places: Places<Suspect>): Suspect[] {
  const rank = (suspect: Suspect) => {
    const [first] = places.get(suspect) ?? [];
    return first ? first.list * 2 ** 40 + first.fromTail : -1;
  };
  return condemned.toSorted((one, other) => rank(one) - rank(other));
}

async function prepare(
  client: Redis,
  suspects: readonly Suspect[],
  { places, backup }: { places: Places<Suspect>; backup: BackupWriter | undefined },
): Promise<{ condemned: Condemned[]; gone: Suspect[] }> {
  const all = suspects.map((suspect) => ({ suspect, places: places.get(suspect) ?? [], mark: undefined }));
  if (!backup) return { condemned: all, gone: [] };
  const condemned: Condemned[] = [];
  const gone: Suspect[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    const gathered = await Promise.all(some.map((one) => gatherTask(client, one.suspect, one.places)));
    await backup.append(gathered.flatMap((task) => (task ? [task.record] : [])));
    for (const [i, task] of gathered.entries()) {
      if (task) condemned.push({ ...some[i]!, mark: task.mark });
      else gone.push(some[i]!.suspect);
    }
  }
  await backup.sync();
  return { condemned, gone };
}

/** What a failure reports as done. `unconfirmed` deletions are in a call without an answer. */
export function workDone({ fates }: Deletion, unconfirmed: number): WorkDone {
  const deleted = [...fates.values()].filter((fate) => fate === 'deleted').length;
  return { action: 'deleted', counts: { tasks: deleted }, unconfirmed };
}
