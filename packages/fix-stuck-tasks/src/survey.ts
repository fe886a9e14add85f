import type { Deps } from '@atf/core';
import { findInEntries } from './find-in-entries.js';
import { findInTasks, type TaskCounts } from './find-in-tasks.js';
import { type Finding, isOfEntry, type Obstacle } from './finding.js';
import { lookAgain, queueHolding } from './look-again.js';
import type { Settings } from './options.js';
import type { BrokerSource } from './places/broker-source.js';
import { foreignQueues, type Look, lookAtPlaces, seenIn } from './places/look.js';

/** What a search found. */
export interface Survey extends TaskCounts {
  /** Oldest first; ghosts, whose age nobody knows, last. */
  findings: Finding[];
  /** The first look at the places, for what is to be reported of them. */
  first: Look;
  /** The last one. */
  look: Look;
  foreignQueues: { key: string; type: string }[];
}

/**
 * Finds all that is stuck or in a wrong place. Queues and broker are read once, then each task's state; where ids seem to be
 * nowhere, queues and broker are read a second time. Writes nothing.
 * Cost: that of counting all tasks, and of reading the queues once or twice.
 */
export async function survey(
  { now, ...others }: Deps,
  broker: BrokerSource,
  settings: Settings,
): Promise<Survey> {
  // All ages by one moment, else a task were older than its own entry in a queue, which has to go before it.
  const startedAt = now();
  const deps = { ...others, now: () => startedAt };
  const { client } = deps.target;
  const dueBefore = (deps.now().getTime() - settings.scheduledGraceMs) / 1000;
  const first = await lookAtPlaces(deps, client, { broker, dueBefore });
  const entries = await findInEntries(deps, first, settings);
  const { findings: tasks, ...counts } = await findInTasks(deps, first, settings);
  const { findings, look, unjudged } = await lookAgain(deps, tasks, { first, broker, dueBefore });
  const foreign = foreignQueues(first);
  return {
    ...counts,
    defective: counts.defective + entries.defective,
    unjudged: counts.unjudged + unjudged,
    findings: [...entries.findings, ...findings]
      .map((finding) => withObstacle(finding, obstacleOf(finding, { foreign, look, settings })))
      .sort((a, b) => ageOrder(b) - ageOrder(a)),
    first,
    look,
    foreignQueues: foreign,
  };
}

/** What keeps a finding from repair. Pure. */
function obstacleOf(
  finding: Finding,
  { foreign, look, settings }: { foreign: Survey['foreignQueues']; look: Look; settings: Settings },
): Obstacle | undefined {
  const none = foreign.find(({ key }) => key === finding.queue);
  if (none) return { code: 'no-queue', queue: none.key, type: none.type };
  if (isOfEntry(finding) || settings.only.includes('stale-entry')) return undefined;
  const queue = queueHolding(finding, seenIn(look, finding.id));
  return queue === undefined ? undefined : { code: 'in-wrong-queue', queue, type: null };
}

function withObstacle(finding: Finding, obstacle: Obstacle | undefined): Finding {
  return obstacle === undefined ? finding : { ...finding, repair: null, obstacle };
}

const ageOrder = ({ age }: Finding): number => age ?? Number.MIN_SAFE_INTEGER;
