import {
  brokerKnowledge,
  CompactKeyMap,
  type Deps,
  isTaskState,
  isWaiting,
  locationsOf,
  type QueueSnapshot,
  TASK_KEY_PREFIX,
} from '@atf/core';
import { ageOf } from './detect/ages.js';
import type { TaskFinding } from './detect/finding.js';
import { type JudgeContext, judgeTask } from './detect/judge-task.js';
import { isDefective } from './find-entries.js';
import type { Settings } from './options.js';
import { readTasks, type TaskReading } from './read/read-tasks.js';
import { scanUnfinished, type UnfinishedPage, type UnfinishedState } from './read/scan-unfinished.js';

/** Candidates that are judged together. */
const BATCH = 500;
/** Keys back in which a repeat of SCAN is found: see `CompactKeyMap`. */
const REMEMBERED = 65_536;

/** What was counted on the way. */
export interface ScanCounts {
  totalTasks: number;
  /** Met on the way, and left to delete-defective-tasks. */
  defective: number;
  /** Old PENDING tasks in no queue that may be in a message, which could not be read. */
  unjudged: number;
}

interface Found extends ScanCounts {
  findings: TaskFinding[];
}

/**
 * Finds tasks that are stuck or not where they belong, given a snapshot of the queues. Cost: that of counting all tasks;
 * memory for what is found.
 */
export async function findTasks(deps: Deps, snapshot: QueueSnapshot, settings: Settings): Promise<Found> {
  const { client } = deps.target;
  const found: Found = { totalTasks: 0, defective: 0, unjudged: 0, findings: [] };
  const counted = new CompactKeyMap({ bound: REMEMBERED });
  const met = new CompactKeyMap();
  const context = { snapshot, broker: brokerKnowledge(snapshot), now: deps.now(), settings };
  let candidates: Buffer[] = [];
  const judgeCandidates = async () => {
    for (const reading of await readTasks(client, candidates)) judge(reading, context, found);
    candidates = [];
  };
  for await (const page of scanUnfinished(deps, client, settings)) {
    countIn(page, counted, found);
    for (const key of misplaced(page, snapshot)) {
      if (met.note(key, 1) === 0) candidates.push(Buffer.from(key)); // a copy, because a part would keep the whole page
    }
    if (candidates.length >= BATCH) await judgeCandidates();
    deps.progress({ step: 'scan', what: 'Looking at tasks', done: found.totalTasks });
  }
  await judgeCandidates();
  return found;
}

/** Counts the tasks of a page, except those that `counted` knows. */
function countIn({ keys, states }: UnfinishedPage, counted: CompactKeyMap, found: ScanCounts): void {
  counted.noteNew(keys, (index) => {
    const state = states[index]!;
    if (state === 'absent' || state === 'not-a-hash') return;
    found.totalTasks++;
    if (state === 'missing-state') found.defective++;
  });
}

/** Keys of the unfinished tasks of a page that are not where their state belongs. */
function* misplaced({ keys, states }: UnfinishedPage, snapshot: QueueSnapshot): Generator<Buffer> {
  for (const [index, state] of states.entries()) {
    if (!isTaskState(state) || state === 'COMPLETED') continue;
    const key = keys.at(index);
    if (!isInPlace(state, key.subarray(TASK_KEY_PREFIX.length), snapshot)) yield key;
  }
}

/** True if a task is where its state belongs. */
function isInPlace(
  state: UnfinishedState,
  id: Buffer,
  { primary, retry, dlq, scheduled, broker }: QueueSnapshot,
): boolean {
  if (state === 'DLQ') return dlq.ids.codeOf(id) !== 0;
  if (state === 'SCHEDULED') return isWaiting(scheduled, id);
  if (state === 'PENDING' && (primary.ids.codeOf(id) !== 0 || retry.ids.codeOf(id) !== 0)) return true;
  return broker !== undefined && broker.mentioned.codeOf(id) !== 0;
}

/** Adds what is wrong with a task to what was found. */
function judge(
  reading: TaskReading,
  { snapshot, ...context }: Omit<JudgeContext, 'locations'> & { snapshot: QueueSnapshot },
  found: Found,
): void {
  const { broker, now, settings } = context;
  const finding = judgeTask(reading, { ...context, locations: locationsOf(snapshot, reading.id) });
  const isUnjudged = !finding && reading.state === 'PENDING' && broker !== 'read';
  if (!finding && !isUnjudged) return;
  if (isDefective(reading)) found.defective++;
  else if (finding) {
    if (settings.only.includes(finding.kind)) found.findings.push(finding);
  } else if ((ageOf(reading.fields, now) ?? 0) > settings.pendingTimeoutMs) found.unjudged++;
}
