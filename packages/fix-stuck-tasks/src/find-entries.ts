import { type Deps, locationsOf, QUEUE_KEYS, type QueueSnapshot, TASK_KEY_PREFIX } from '@atf/core';
import { type Finding, newFinding } from './detect/finding.js';
import { judgeEntry, type QueuedEntry } from './detect/judge-entry.js';
import { isDefective, type SearchContext } from './detect/judge-placement.js';
import type { Kind } from './kinds.js';
import { inBatches, readTasks } from './read/read-tasks.js';

interface FoundEntries {
  findings: Finding[];
  /** Tasks in wrong queues that are defective: these entries are left alone. */
  defective: number;
  /** How many entries that may be wrong were not kept. They are only counted. */
  beyond: ReadonlyMap<Kind, number>;
}

/** Finds wrong entries in a snapshot of the queues. Cost: a call for 100 entries that may be wrong. */
export async function findEntries(
  deps: Pick<Deps, 'target' | 'signal'>,
  { snapshot, now, settings }: SearchContext,
): Promise<FoundEntries> {
  const isWanted = (kind: Kind) => settings.only.includes(kind);
  const doubtful = doubtfulEntries(snapshot).filter(({ observedState }) =>
    isWanted(observedState === 'absent' ? 'ghost-entry' : 'stale-entry'),
  );
  const defective = new Set<string>();
  const findings: Finding[] = [];
  let next = 0;
  for await (const readings of readTasks(deps, inBatches(doubtful, taskKeyOf))) {
    for (const reading of readings) {
      const entry = doubtful[next++]!;
      if (reading && isDefective(reading)) defective.add(entry.id.toString('latin1'));
      else findings.push(...judgeEntry(entry, reading, { locations: locationsOf(snapshot, entry.id), now }));
    }
  }
  const beyond = [...countBeyond(snapshot)].filter(([kind, count]) => isWanted(kind) && count > 0);
  return { findings, defective: defective.size, beyond: new Map(beyond) };
}

/** How many entries the snapshot could not keep. */
function countBeyond(snapshot: QueueSnapshot): Map<Kind, number> {
  const ofQueues = queuesOf(snapshot).map(({ doubtful }) => doubtful);
  return new Map([
    ['ghost-entry', ofQueues.reduce((sum, { moreWithoutTask }) => sum + moreWithoutTask, 0)],
    ['stale-entry', ofQueues.reduce((sum, { moreOthers }) => sum + moreOthers, 0)],
  ]);
}

/** In the order of {@link QUEUE_KEYS}. */
const queuesOf = ({ primary, retry, dlq, scheduled }: QueueSnapshot) => [primary, retry, dlq, scheduled];

const taskKeyOf = ({ id }: QueuedEntry) => Buffer.concat([Buffer.from(TASK_KEY_PREFIX), id]);

/** All entries that may be wrong. An id that is several times in one queue is one entry with `isRepeated`. */
function doubtfulEntries(snapshot: QueueSnapshot): QueuedEntry[] {
  const entries = new Map<string, QueuedEntry>();
  for (const [i, { doubtful }] of queuesOf(snapshot).entries()) {
    for (const entry of doubtful.kept) {
      const name = `${i} ${entry.id.toString('latin1')}`;
      const known = entries.get(name);
      entries.set(name, known ? { ...known, isRepeated: true } : { queue: QUEUE_KEYS[i]!, ...entry });
    }
  }
  return [...entries.values()];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Messages that no worker ever takes again, because `unacked_index` does not list them. Each is named by its task's id. Pure. */
export function findUnindexedMessages({ snapshot, settings }: SearchContext): Finding[] {
  if (!settings.only.includes('unindexed-message')) return [];
  return Array.from(snapshot.broker?.unindexed.values() ?? [], ({ tag, mentioned }): Finding => {
    const id = mentioned.find((text) => UUID.test(text)) ?? mentioned[0];
    return newFinding(
      'unindexed-message',
      id === undefined ? Buffer.from(tag, 'latin1') : Buffer.from(id),
      {},
    );
  });
}
