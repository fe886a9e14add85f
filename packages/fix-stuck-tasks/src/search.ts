import {
  type Broker,
  type Deps,
  locationsOf,
  type QueueSnapshot,
  takeQueueSnapshot,
  type WrongTypeKey,
  wrongTypeQueues,
} from '@atf/core';
import { type Finding, idBytes } from './detect/finding.js';
import { obstacleOf } from './detect/placement.js';
import { findEntries, findUnindexedMessages } from './find-entries.js';
import { findTasks, type ScanCounts } from './find-tasks.js';
import type { Settings } from './options.js';
import { recheck, type Wait } from './recheck.js';

/** What a search found. */
export interface SearchResult extends ScanCounts {
  /** Oldest first; what has no age last. */
  findings: Finding[];
  /** The first snapshot, for what is to be reported of it. */
  first: QueueSnapshot;
  /** The last one. */
  snapshot: QueueSnapshot;
  wrongType: WrongTypeKey[];
  /** The moment by which all ages are computed. */
  now: Date;
}

/** Ids of consumers end in eight hexadecimal digits; others belong to workers. */
const CONSUMER_ID = /^worker-.+-[0-9a-f]{8}$/;
export const isConsumer = (workerId: string): boolean => CONSUMER_ID.test(workerId);

/**
 * Finds everything that is stuck or not where it belongs. Queues and broker are read once, then each task's state. If ids seem
 * to be in no queue, queues and broker are read a second time. Writes nothing.
 * Cost: that of counting all tasks, and of reading the queues once or twice.
 */
export async function search(
  deps: Deps,
  { broker, wait }: { broker: Broker; wait: Wait | undefined },
  settings: Settings,
): Promise<SearchResult> {
  // One moment for all ages. Otherwise a task were older than its own entry in a queue, which has to go before it.
  const now = deps.now();
  const dueBefore = (now.getTime() - settings.scheduledGraceMs) / 1000;
  const first = await takeQueueSnapshot(deps, deps.target.client, { broker, dueBefore });
  const context = {
    snapshot: first,
    broker: first.brokerKnowledge,
    hasConsumer: first.heartbeats.some(isConsumer),
    now,
    settings,
  };
  const entries = await findEntries(deps, context);
  const { findings: candidates, ...counts } = await findTasks(deps, context);
  const { findings: tasks, snapshot } = await recheck(deps, candidates, { first, broker, dueBefore, wait });
  const wrongType = wrongTypeQueues(first);
  const findings = [...entries.findings, ...tasks, ...findUnindexedMessages({ ...context, snapshot })];
  for (const finding of findings) {
    const locations = locationsOf(snapshot, idBytes(finding));
    const obstacle = obstacleOf(
      finding,
      { locations, broker: snapshot.brokerKnowledge, wrongType },
      settings,
    );
    if (obstacle) Object.assign(finding, { obstacle, repair: null });
  }
  return {
    ...counts,
    defective: counts.defective + entries.defective,
    findings: findings.sort((a, b) => ageOrder(b) - ageOrder(a)),
    first,
    snapshot,
    wrongType,
    now,
  };
}

const ageOrder = ({ age }: Finding): number => age ?? Number.MIN_SAFE_INTEGER;
