import { CompactKeyMap, type Deps, TASK_KEY_PREFIX } from '@atf/core';
import { isDefective } from './find-in-entries.js';
import type { TaskFinding } from './finding.js';
import type { Settings } from './options.js';
import { type Look, seenIn } from './places/look.js';
import { isWhole } from './places/read-broker.js';
import { WAITS } from './places/read-scheduled.js';
import { ageOf } from './tasks/ages.js';
import { judgePlace, type Surroundings } from './tasks/judge-place.js';
import { readTasks, type TaskReading } from './tasks/read-tasks.js';
import { scanUnfinished, type UnfinishedPage } from './tasks/scan-unfinished.js';

/** Suspects that are judged together. */
const BATCH = 500;
/** Keys back in which a repeat of SCAN is found: see `CompactKeyMap`. */
const REMEMBERED = 65_536;

// Letters of observed-state.lua.
const UNFINISHED = 'PAFSD';
const NO_TASK = '-x';
const STATELESS = 'm';

/** What was counted on the way. */
export interface TaskCounts {
  totalTasks: number;
  /** Met on the way, and left to delete-defective-tasks. */
  defective: number;
  /** Old PENDING tasks in no queue that may be in a message, which could not be read. */
  unjudged: number;
}

interface Found extends TaskCounts {
  findings: TaskFinding[];
}

/**
 * Finds tasks that are stuck or in a wrong place, given where ids were seen. Cost: that of counting all tasks; memory for
 * what is found.
 */
export async function findInTasks(deps: Deps, look: Look, settings: Settings): Promise<Found> {
  const { client } = deps.target;
  const found: Found = { totalTasks: 0, defective: 0, unjudged: 0, findings: [] };
  const counted = new CompactKeyMap({ bound: REMEMBERED });
  const met = new CompactKeyMap();
  let suspects: Buffer[] = [];
  const judgeSuspects = async () => {
    const around = { look, broker: brokerOf(look), now: deps.now(), settings };
    for (const reading of await readTasks(client, suspects)) judge(reading, around, found);
    suspects = [];
  };
  for await (const page of scanUnfinished(deps, client, settings)) {
    countIn(page, counted, found);
    for (const key of unplaced(page, look)) {
      if (met.note(key, 1) === 0) suspects.push(Buffer.from(key)); // a copy, for the page would be kept as long
    }
    if (suspects.length >= BATCH) await judgeSuspects();
    deps.progress({ step: 'scan', what: 'Looking at tasks', done: found.totalTasks });
  }
  await judgeSuspects();
  return found;
}

/** Counts the tasks of a page, but for those that `counted` knows. */
function countIn({ keys, letters }: UnfinishedPage, counted: CompactKeyMap, found: TaskCounts): void {
  counted.noteNew(keys, (place) => {
    const letter = letters[place]!;
    if (NO_TASK.includes(letter)) return;
    found.totalTasks++;
    if (letter === STATELESS) found.defective++;
  });
}

/** Keys of the unfinished tasks of a page that are in no place where their state has them. */
function* unplaced({ keys, letters }: UnfinishedPage, look: Look): Generator<Buffer> {
  for (let place = 0; place < letters.length; place++) {
    const letter = letters[place]!;
    if (!UNFINISHED.includes(letter)) continue;
    const key = keys.at(place);
    if (!isInPlace(letter, key.subarray(TASK_KEY_PREFIX.length), look)) yield key;
  }
}

/** Adds to what was found what is wrong with a task; nothing where nothing is. */
function judge(
  reading: TaskReading,
  { look, ...around }: Omit<Surroundings, 'seen'> & { look: Look },
  found: Found,
): void {
  const { broker, now, settings } = around;
  const finding = judgePlace(reading, { ...around, seen: seenIn(look, reading.id) });
  const isUnjudged = !finding && reading.state === 'PENDING' && broker !== 'read';
  if (!finding && !isUnjudged) return;
  if (isDefective(reading)) found.defective++;
  else if (finding) {
    if (settings.only.includes(finding.kind)) found.findings.push(finding);
  } else if ((ageOf(reading.fields, now) ?? 0) > settings.pendingTimeoutMs) found.unjudged++;
}

/** True where the letter of a task's state and its place agree. */
function isInPlace(letter: string, id: Buffer, { primary, retry, dlq, scheduled, broker }: Look): boolean {
  if (letter === 'D') return dlq.ids.codeOf(id) !== 0;
  if (letter === 'S') return scheduled.ids.codeOf(id) === WAITS;
  if (letter === 'P' && (primary.ids.codeOf(id) !== 0 || retry.ids.codeOf(id) !== 0)) return true;
  return broker !== undefined && broker.named.codeOf(id) !== 0;
}

/** How far the broker's messages are known. */
export function brokerOf({ broker }: Look): Surroundings['broker'] {
  if (!broker) return 'not-read';
  return isWhole(broker) ? 'read' : 'unreadable';
}
