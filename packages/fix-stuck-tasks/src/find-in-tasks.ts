import { type Deps, KeyLedger, TASK_KEY_PREFIX } from '@atf/core';
import { isDefective } from './find-in-entries.js';
import type { TaskFinding } from './finding.js';
import type { Settings } from './options.js';
import { type Look, seenIn } from './places/look.js';
import { isWhole } from './places/read-broker.js';
import { WAITS } from './places/read-scheduled.js';
import { ageOf } from './tasks/ages.js';
import { judgePlace, type Surroundings } from './tasks/judge-place.js';
import { readTasks } from './tasks/read-tasks.js';
import { scanUnfinished } from './tasks/scan-unfinished.js';

/** Suspects that are judged together. */
const BATCH = 500;
/** Keys back in which a repeat of SCAN is found: see `KeyLedger`. */
const REMEMBERED = 65_536;
const UNFINISHED = 'PAFSD';

/** What was counted on the way. */
export interface TaskCounts {
  totalTasks: number;
  /** Met on the way, and left to delete-defective-tasks. */
  defective: number;
  /** Old PENDING tasks in no queue that may be in a message, which could not be read. */
  unjudged: number;
}

/**
 * Finds tasks that are stuck or in a wrong place, given where ids were seen. Cost: that of counting all tasks; memory for
 * what is found.
 */
export async function findInTasks(
  deps: Deps,
  look: Look,
  settings: Settings,
): Promise<TaskCounts & { findings: TaskFinding[] }> {
  const [client] = deps.target.primaries;
  const found: TaskCounts & { findings: TaskFinding[] } = {
    totalTasks: 0,
    defective: 0,
    unjudged: 0,
    findings: [],
  };
  const broker = brokerOf(look);
  const counted = new KeyLedger({ bound: REMEMBERED });
  const met = new KeyLedger();
  let suspects: Buffer[] = [];
  const judge = async () => {
    const now = deps.now();
    for (const reading of await readTasks(client, suspects)) {
      const seen = seenIn(look, reading.id);
      const finding = judgePlace(reading, { seen, broker, now, settings });
      const isUnjudged = reading.state === 'PENDING' && broker !== 'read' && !finding;
      if (!finding && !isUnjudged) continue;
      if (isDefective(reading)) found.defective++;
      else if (finding) {
        if (settings.only.includes(finding.kind)) found.findings.push(finding);
      } else if ((ageOf(reading.fields, now) ?? 0) > settings.pendingTimeoutMs) found.unjudged++;
    }
    suspects = [];
  };
  for await (const { keys, letters } of scanUnfinished(deps, client, settings)) {
    counted.noteNew(keys, (place) => {
      if ('-x'.includes(letters[place]!)) return;
      found.totalTasks++;
      if (letters[place] === 'm') found.defective++;
    });
    for (let place = 0; place < letters.length; place++) {
      const letter = letters[place]!;
      if (!UNFINISHED.includes(letter)) continue;
      const key = keys.at(place);
      if (isInPlace(letter, key.subarray(TASK_KEY_PREFIX.length), look) || met.note(key, 1) !== 0) continue;
      suspects.push(Buffer.from(key)); // a copy, for the page would be kept as long
    }
    if (suspects.length >= BATCH) await judge();
    deps.progress({ what: 'Looking at tasks', done: found.totalTasks });
  }
  await judge();
  return found;
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
