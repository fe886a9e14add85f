import { CompactKeyMap, type Deps, isWaiting, locationsOf, TASK_KEY_PREFIX } from '@atf/core';
import type { TaskFinding } from './detect/finding.js';
import { FUTURE_MS, isDefective, judgePlacement, type SearchContext } from './detect/judge-placement.js';
import { readTasks } from './read/read-tasks.js';
import { scanUnfinished, type UnfinishedPage, type UnfinishedState } from './read/scan-unfinished.js';
import { MAX_REPORTED } from './schema.js';

/** Candidates that are judged together. */
const BATCH = 500;
/** SCAN may return a key twice. A repeat within this many keys is not counted again. */
const REMEMBERED = 65_536;

/** What a scan counts. */
export interface ScanCounts {
  totalTasks: number;
  /** Defective tasks that would otherwise be findings, and tasks without a state: delete-defective-tasks is for these. */
  defective: number;
  /** Tasks that are not consumed, beyond the first 10,000. Those are judged one by one. */
  moreNotConsumed: number;
}

interface Found extends ScanCounts {
  findings: TaskFinding[];
}

/**
 * Finds tasks that are stuck or not where a snapshot of the queues should have them. Cost: that of counting all tasks. Memory: 16
 * bytes for each task that must be read, and 0.5 kB for each finding.
 */
export async function findTasks(deps: Deps, context: SearchContext): Promise<Found> {
  const { snapshot, now, settings } = context;
  const found: Found = { totalTasks: 0, defective: 0, moreNotConsumed: 0, findings: [] };
  const counted = new CompactKeyMap({ bound: REMEMBERED });
  const judged = new CompactKeyMap(); // without a bound: a task must never be found twice
  let candidates: Buffer[] = [];
  let waiting = 0;
  const judgeCandidates = async () => {
    for (const reading of await readTasks(deps.target.client, candidates)) {
      const finding = judgePlacement(reading, { ...context, locations: locationsOf(snapshot, reading.id) });
      if (!finding) continue;
      if (isDefective(reading)) found.defective++;
      else if (settings.only.includes(finding.kind)) found.findings.push(finding);
    }
    candidates = [];
  };
  const before = (ms: number) => new Date(now.getTime() - ms);
  const dates = {
    pendingBefore: before(settings.pendingTimeoutMs),
    activeBefore: before(settings.activeTimeoutMs),
    activeAfter: before(-FUTURE_MS),
  };
  for await (const page of scanUnfinished(deps, dates)) {
    countIn(page, counted, found);
    for (const [index, state] of page.states.entries()) {
      const key = page.keys.at(index);
      const reason = reasonToJudge(state, key.subarray(TASK_KEY_PREFIX.length), context);
      if (!reason || judged.note(key, 1) !== 0) continue;
      if (reason === 'waits' && ++waiting > MAX_REPORTED) found.moreNotConsumed++;
      else candidates.push(Buffer.from(key)); // a copy, because a part would keep the whole page
    }
    if (candidates.length >= BATCH) await judgeCandidates();
    deps.progress({ step: 'scan', what: 'Checking tasks', done: found.totalTasks });
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

/**
 * Why a task must be read; undefined if it is only where its state belongs. `suspicious`: something may be wrong; `waits`: it is
 * in a pending list, and no consumer is alive to take it.
 */
function reasonToJudge(
  state: UnfinishedState,
  id: Buffer,
  { snapshot, hasConsumer, settings }: SearchContext,
): 'suspicious' | 'waits' | undefined {
  const { primary, retry, dlq, scheduled, broker } = snapshot;
  const isSent = () => broker !== undefined && broker.mentioned.codeOf(id) !== 0;
  const isQueued = () => primary.ids.codeOf(id) !== 0 || retry.ids.codeOf(id) !== 0;
  switch (state) {
    case 'PENDING':
      if (isSent()) return isQueued() ? 'suspicious' : undefined;
      if (!isQueued()) return 'suspicious';
      return !hasConsumer && settings.only.includes('not-consumed') ? 'waits' : undefined;
    case 'young':
      return isSent() && isQueued() ? 'suspicious' : undefined;
    case 'ACTIVE':
    case 'FAILED':
      return isSent() ? undefined : 'suspicious';
    case 'SCHEDULED':
      return isWaiting(scheduled, id) ? undefined : 'suspicious';
    case 'DLQ':
      return dlq.ids.codeOf(id) !== 0 ? undefined : 'suspicious';
    case 'future-active':
      return 'suspicious';
    default:
      return undefined;
  }
}
