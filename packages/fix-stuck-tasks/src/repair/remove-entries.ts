import { randomUUID } from 'node:crypto';
import {
  type Argument,
  type Deps,
  dlqTaskKey,
  findPlaces,
  type HeldLock,
  loadScript,
  MovedPlaces,
  type Place,
  runUnderLock,
} from '@atf/core';
import type { Finding } from '../finding.js';
import { SCHEDULED } from '../places/entry-fault.js';
import { QUEUES } from '../places/look.js';
import { LETTERS } from '../tasks/judge-entry.js';
import type { Fate } from './repair-tasks.js';

const REMOVE_ENTRIES = loadScript(import.meta.url, './remove-entries.lua');
const BATCH = 100;
/** How often entries that moved are searched for. */
const ATTEMPTS = 3;

/** An entry to remove, as `findPlaces` seeks it. */
interface Sought {
  finding: Finding;
  ids: readonly [Buffer];
}

/** Where the entries are that go, and the one that stays. */
interface Removal {
  finding: Finding;
  places: number[];
  stays: { list: number; fromTail: number } | undefined;
}

/**
 * Takes entries out of the queues, each if its task still is as it was found; the order of the rest stays. Tells the fate of
 * each as it comes; ends between two batches when the run is stopped.
 * Cost: each list is read once, then a call for 100 and a walk to the farthest of them.
 */
export async function removeEntries(
  deps: Pick<Deps, 'target' | 'signal'>,
  findings: readonly Finding[],
  { lock, done }: { lock: HeldLock; done: (finding: Finding, fate: Fate) => void },
): Promise<void> {
  const { client } = deps.target;
  let rest = findings.map((finding): Sought => ({ finding, ids: [finding.id] }));
  for (let attempt = 0; attempt < ATTEMPTS && rest.length > 0; attempt++) {
    const found = await findPlaces(deps, client, rest);
    const moved = QUEUES.map(() => new MovedPlaces());
    const missed: Sought[] = [];
    for (let from = 0; from < rest.length; from += BATCH) {
      deps.signal.throwIfAborted();
      const batch = rest.slice(from, from + BATCH);
      const removals = batch.map((one) => removalOf(one.finding, found.get(one) ?? []));
      const letters = await runUnderLock<Buffer>(client, REMOVE_ENTRIES, {
        lock,
        keys: QUEUES,
        args: [
          `\0removed ${randomUUID()}`,
          dlqTaskKey(''),
          ...removals.flatMap((removal) => argumentsOf(removal, moved)),
        ],
      });
      for (const [i, letter] of [...letters.toString()].entries()) {
        const { finding, places } = removals[i]!;
        if (letter === 'M') missed.push(batch[i]!);
        else done(finding, letter === 'R' ? 'repaired' : 'changed');
        if (letter === 'R') for (const place of places) moved[queueNumber(finding)]!.remove(place);
      }
    }
    rest = missed;
  }
  for (const { finding } of rest) done(finding, 'changed');
}

/** Which entries go: all of an id that has no business there; else all but the oldest, or all but those of the other list. */
function removalOf(finding: Finding, all: readonly Place[]): Removal {
  const queue = queueNumber(finding);
  const own = all.filter(({ list }) => list === queue).map(({ fromTail }) => fromTail);
  const { fault } = finding;
  if (fault === 'twice') {
    const [stays, ...places] = own;
    return { finding, places, stays: stays === undefined ? undefined : { list: queue, fromTail: stays } };
  }
  const isDoubled = fault === 'both' || fault === 'unscheduled';
  const other = isDoubled ? all.find(({ list }) => list !== queue && list < 2) : undefined;
  // Without the other there is nothing left to go by.
  return isDoubled && !other
    ? { finding, places: [], stays: undefined }
    : { finding, places: own, stays: other };
}

function argumentsOf({ finding, places, stays }: Removal, moved: readonly MovedPlaces[]): Argument[] {
  const { id, state, fault } = finding;
  const queue = queueNumber(finding);
  const isUnsafe = !stays && (fault === 'unscheduled' || fault === 'both');
  return [
    id,
    String(queue + 1),
    // No task has this letter, so that nothing is done.
    isUnsafe ? '?' : state ? LETTERS[state] : '-',
    state === 'SCHEDULED' && queue < 2 ? '1' : '',
    stays ? String(stays.list + 1) : '0',
    stays ? String(moved[stays.list]!.now(stays.fromTail)) : '0',
    String(queue === SCHEDULED ? 0 : places.length),
    ...places.map((place) => String(moved[queue]!.now(place))),
  ];
}

function queueNumber({ queue }: Finding): number {
  return QUEUES.indexOf(queue as (typeof QUEUES)[number]);
}
