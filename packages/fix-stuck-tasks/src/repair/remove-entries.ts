import { randomUUID } from 'node:crypto';
import {
  type Argument,
  type Deps,
  dlqTaskKey,
  findPositions,
  type HeldLock,
  ID_LISTS,
  loadScript,
  type Position,
  QUEUE_KEYS,
  runUnderLock,
  SCHEDULED_KEY,
  ShiftedPositions,
} from '@atf/core';
import { type Finding, idBytes } from '../detect/finding.js';
import type { RepairOutcome } from '../schema.js';

const REMOVE_ENTRIES = loadScript(import.meta.url, './remove-entries.lua');
const BATCH = 100;
/** How often positions are read, if entries move meanwhile. */
const ATTEMPTS = 3;
/** The script's letters. */
const OUTCOMES = { R: 'repaired', C: 'changed', M: 'moved' } as const;

/** A finding whose positions are searched for. */
interface Wanted {
  finding: Finding;
  ids: readonly [Buffer];
}

/** The positions of the entries to remove, and the entry that must stay. */
interface Removal {
  positions: number[];
  kept: Pick<Position, 'list' | 'fromTail'> | undefined;
}

/**
 * Removes wrong entries from the queues, each if its task has not changed. The order of the other entries stays. Calls `done` with
 * each outcome. Throws between two batches if the run is stopped.
 * Cost: each list is read once. Then a call for 100 entries, in which Redis walks from the tail to the farthest of them.
 */
export async function removeEntries(
  deps: Pick<Deps, 'target' | 'signal'>,
  findings: readonly Finding[],
  { lock, done }: { lock: HeldLock; done: (finding: Finding, outcome: RepairOutcome) => void },
): Promise<void> {
  const { client } = deps.target;
  let rest = findings.map((finding): Wanted => ({ finding, ids: [idBytes(finding)] }));
  for (let attempt = 0; attempt < ATTEMPTS && rest.length > 0; attempt++) {
    const found = await findPositions(deps, client, rest);
    const shifted = ID_LISTS.map(() => new ShiftedPositions());
    const moved: Wanted[] = [];
    for (let from = 0; from < rest.length; from += BATCH) {
      deps.signal.throwIfAborted();
      const batch = rest.slice(from, from + BATCH).map((wanted) => {
        return { wanted, ...removalOf(wanted.finding, found.get(wanted) ?? []) };
      });
      const letters = await runUnderLock<Buffer>(client, REMOVE_ENTRIES, {
        lock,
        keys: QUEUE_KEYS,
        args: [
          `\0removed ${randomUUID()}`,
          dlqTaskKey(''),
          ...batch.flatMap(({ wanted, ...removal }) => argumentsOf(wanted.finding, removal, shifted)),
        ],
      });
      for (const [i, { wanted, positions }] of batch.entries()) {
        const outcome = OUTCOMES[letters.toString()[i] as keyof typeof OUTCOMES];
        if (outcome === 'moved') moved.push(wanted);
        else done(wanted.finding, outcome);
        if (outcome !== 'repaired') continue;
        for (const position of positions) shifted[listOf(wanted.finding)]?.remove(position);
      }
    }
    rest = moved;
  }
  for (const { finding } of rest) done(finding, 'changed');
}

/**
 * Says which entries of the finding's queue are removed. `twice`: all but the oldest. `both` and `unscheduled`: all, but only while
 * a pending list keeps another entry of the id. Other faults: all.
 */
function removalOf(finding: Finding, all: readonly Position[]): Removal {
  const list = listOf(finding);
  const positions = all.filter((position) => position.list === list).map(({ fromTail }) => fromTail);
  const { fault } = finding;
  if (fault === 'twice') {
    const [kept, ...others] = positions;
    return { positions: others, kept: kept === undefined ? undefined : { list, fromTail: kept } };
  }
  if (fault !== 'both' && fault !== 'unscheduled') return { positions, kept: undefined };
  const kept = all.find((position) => position.list !== list && position.list < 2);
  return { positions: kept ? positions : [], kept };
}

function argumentsOf(
  finding: Finding,
  { positions, kept }: Removal,
  shifted: readonly ShiftedPositions[],
): Argument[] {
  const { state, fault, queue } = finding;
  const now = (list: number, fromTail: number) => String(shifted[list]!.now(fromTail));
  const list = listOf({ queue });
  return [
    idBytes(finding),
    String(list + 1),
    // '' means that the task does not exist. If the entry that must stay is missing, '' contradicts the existing task, and the
    // script removes nothing.
    fault === 'unscheduled' && !kept ? '' : (state ?? ''),
    state === 'SCHEDULED' && list < 2 ? '1' : '',
    ...(kept ? [String(kept.list + 1), now(kept.list, kept.fromTail)] : ['0', '0']),
    String(queue === SCHEDULED_KEY ? 0 : positions.length),
    ...(queue === SCHEDULED_KEY ? [] : positions.map((fromTail) => now(list, fromTail))),
  ];
}

/** The index of the finding's queue in QUEUE_KEYS. */
function listOf({ queue }: Pick<Finding, 'queue'>): number {
  return QUEUE_KEYS.indexOf(queue!);
}
