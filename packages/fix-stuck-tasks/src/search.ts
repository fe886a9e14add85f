import {
  type Broker,
  type Deps,
  type QueueSnapshot,
  readBrokerAfter,
  readIdQueues,
  type WrongTypeKey,
  wrongTypeQueues,
} from '@atf/core';
import { confirmFindings, versionOfServers, type Wait } from './confirm-findings.js';
import type { Finding } from './detect/finding.js';
import { obstacleOf } from './detect/placement.js';
import { findEntries, findUnindexedMessages } from './find-entries.js';
import { findTasks } from './find-tasks.js';
import type { BeyondKept } from './kept-findings.js';
import { oldestFirst } from './oldest-findings.js';
import type { Settings } from './options.js';
import { scanDatabase } from './scan-database.js';

/** What a search found. */
export interface SearchResult {
  totalTasks: number;
  /** Defective tasks that would otherwise be findings, and tasks without a state: delete-defective-tasks is for these. */
  defective: number;
  /** Findings that are not among `findings`. Their evidence is not confirmed. */
  beyond: BeyondKept;
  /** Oldest first; findings without an age last. */
  findings: Finding[];
  /** The first snapshot, by which tasks and entries were judged. */
  first: QueueSnapshot;
  /** The second snapshot. The first one if no second was needed, or if nobody has written since. */
  snapshot: QueueSnapshot;
  wrongType: WrongTypeKey[];
  /** The moment by which all ages are computed. */
  now: Date;
}

/** Ids of consumers end in eight hexadecimal digits. Other ids belong to workers. */
const CONSUMER_ID = /^worker-.+-[0-9a-f]{8}$/;
export const isConsumer = (workerId: string): boolean => CONSUMER_ID.test(workerId);

/**
 * Finds everything that is stuck or in a wrong queue. First it reads the queues. Then one walk over all keys counts the tasks,
 * remembers those that may be misplaced, and discovers the broker. After the broker, it reads and judges the tasks that are not
 * there either. If ids seem to be in no queue, and anybody has written since the search began, it reads queues and broker a second
 * time. Writes nothing.
 * Cost: that of counting all tasks, and of reading the queues once or twice.
 */
export async function search(
  deps: Deps,
  { broker, wait }: { broker: Broker; wait: Wait | undefined },
  settings: Settings,
): Promise<SearchResult> {
  // One moment for all ages. A wrong entry must be repaired before its own task. Both then have the same age, and the sort keeps
  // entries first. With two moments, the task would be older and come first.
  const now = deps.now();
  const dueBefore = (now.getTime() - settings.scheduledGraceMs) / 1000;
  const version = await versionOfServers(deps, broker);
  const queues = await readIdQueues(deps, deps.target.client, dueBefore);
  const scan = await scanDatabase(deps, { queues, now, settings });
  const first = await readBrokerAfter(queues, { broker, discovered: scan.discovered });
  const context = {
    snapshot: first,
    broker: first.brokerKnowledge,
    hasConsumer: first.heartbeats.some(isConsumer),
    now,
    settings,
  };
  const entries = await findEntries(deps, context);
  const { findings: candidates, beyond, defective } = await findTasks(deps, context, scan.open);
  const { findings: tasks, snapshot } = await confirmFindings(deps, candidates, {
    first,
    version,
    broker,
    dueBefore,
    wait,
  });
  const wrongType = wrongTypeQueues(first);
  const findings = [...entries.findings, ...tasks, ...findUnindexedMessages({ ...context, snapshot })];
  for (const finding of findings) {
    const obstacle = obstacleOf(finding, { snapshot, wrongType }, settings);
    if (obstacle) Object.assign(finding, { obstacle, repair: null });
  }
  return {
    totalTasks: scan.totalTasks,
    defective: scan.defective + defective + entries.defective,
    beyond: {
      ...beyond,
      repairable: new Map([...beyond.repairable, ...entries.beyond]),
    },
    findings: findings.sort(oldestFirst),
    first,
    snapshot,
    wrongType,
    now,
  };
}
