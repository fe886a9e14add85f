import { type Deps, locationsOf, TASK_KEY_PREFIX, wrongTypeQueues } from '@atf/core';
import type { TaskFinding } from './detect/finding.js';
import { isDefective, judgePlacement, type SearchContext } from './detect/judge-placement.js';
import { obstacleOf } from './detect/placement.js';
import { type BeyondKept, KeptFindings } from './kept-findings.js';
import { READ_AT_ONCE, readTasks } from './read/read-tasks.js';
import type { UnfinishedState } from './read/scan-unfinished.js';
import type { TaskPages } from './scan-database.js';
import { MAX_REPORTED } from './schema.js';

interface FoundTasks {
  /** Those that are kept; `beyond` counts the others. */
  findings: TaskFinding[];
  beyond: BeyondKept;
  /** Defective tasks that would otherwise be findings. */
  defective: number;
}

/**
 * Finds open tasks that are stuck, or that are not in the queue of their state. Cost: a call for 100 tasks that must be read.
 * Memory: at most 35 MB for the oldest findings.
 */
export async function findTasks(deps: Deps, context: SearchContext, open: TaskPages): Promise<FoundTasks> {
  const { snapshot, settings } = context;
  const circumstances = { snapshot, wrongType: wrongTypeQueues(snapshot) };
  const kept = new KeptFindings((finding) => obstacleOf(finding, circumstances, settings));
  let defective = 0;
  const candidates = candidatesIn(open, context, kept);
  for await (const readings of readTasks(deps, candidates)) {
    for (const reading of readings) {
      const finding =
        reading && judgePlacement(reading, { locations: locationsOf(snapshot, reading.id), ...context });
      if (!finding) continue;
      if (isDefective(reading)) defective++;
      else if (settings.only.includes(finding.kind)) kept.add(finding);
    }
  }
  return { defective, ...kept.result() };
}

/** The keys of the tasks that must be read. */
async function* candidatesIn(
  open: TaskPages,
  context: SearchContext,
  kept: KeptFindings,
): AsyncGenerator<Buffer[]> {
  let waiting = 0;
  let batch: Buffer[] = [];
  for await (const { keys, states } of open) {
    for (const [index, state] of states.entries()) {
      const key = keys.at(index);
      const reason = reasonToJudge(state, key.subarray(TASK_KEY_PREFIX.length), context);
      if (!reason) continue;
      // Tasks that only wait are not repaired, and only so many are named.
      if (reason === 'waits' && ++waiting > MAX_REPORTED) kept.countReported('not-consumed');
      else if (batch.push(key) === READ_AT_ONCE) {
        yield batch;
        batch = [];
      }
    }
  }
  yield batch;
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
  const { primary, retry, broker } = snapshot;
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
    default:
      return 'suspicious';
  }
}
