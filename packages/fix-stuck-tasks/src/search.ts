import {
  type Broker,
  type Deps,
  locationsOf,
  type QueueSnapshot,
  takeQueueSnapshot,
  type WrongTypeKey,
  wrongTypeQueues,
} from '@atf/core';
import type { Finding } from './detect/finding.js';
import { obstacleOf } from './detect/placement.js';
import { findEntries } from './find-entries.js';
import { findTasks, type ScanCounts } from './find-tasks.js';
import type { Settings } from './options.js';
import { recheck } from './recheck.js';

/** What a search found. */
export interface SearchResult extends ScanCounts {
  /** Oldest first; ghosts, whose age nobody knows, last. */
  findings: Finding[];
  /** The first snapshot, for what is to be reported of it. */
  first: QueueSnapshot;
  /** The last one. */
  snapshot: QueueSnapshot;
  wrongType: WrongTypeKey[];
}

/**
 * Finds everything that is stuck or not where it belongs. Queues and broker are read once, then each task's state. If ids seem
 * to be in no queue, queues and broker are read a second time. Writes nothing.
 * Cost: that of counting all tasks, and of reading the queues once or twice.
 */
export async function search(
  { now, ...others }: Deps,
  broker: Broker,
  settings: Settings,
): Promise<SearchResult> {
  // One moment for all ages. Otherwise a task were older than its own entry in a queue, which has to go before it.
  const startedAt = now();
  const deps = { ...others, now: () => startedAt };
  const { client } = deps.target;
  const dueBefore = (startedAt.getTime() - settings.scheduledGraceMs) / 1000;
  const first = await takeQueueSnapshot(deps, client, { broker, dueBefore });
  const entries = await findEntries(deps, first, settings);
  const { findings: tasks, ...counts } = await findTasks(deps, first, settings);
  const { findings, snapshot, unjudged } = await recheck(deps, tasks, { first, broker, dueBefore });
  const wrongType = wrongTypeQueues(first);
  const withObstacle = (finding: Finding): Finding => {
    const obstacle = obstacleOf(finding, locationsOf(snapshot, finding.id), { wrongType, ...settings });
    return obstacle ? { ...finding, repair: null, obstacle } : finding;
  };
  return {
    ...counts,
    defective: counts.defective + entries.defective,
    unjudged: counts.unjudged + unjudged,
    findings: [...entries.findings, ...findings].map(withObstacle).sort((a, b) => ageOrder(b) - ageOrder(a)),
    first,
    snapshot,
    wrongType,
  };
}

const ageOrder = ({ age }: Finding): number => age ?? Number.MIN_SAFE_INTEGER;
