import { type Deps, locationsOf, QUEUE_KEYS, type QueueSnapshot, TASK_KEY_PREFIX } from '@atf/core';
import { type Finding, newFinding } from './detect/finding.js';
import { judgeEntry, type QueuedEntry } from './detect/judge-entry.js';
import { isDefective, type SearchContext } from './detect/judge-placement.js';
import { inBatches, readTasks } from './read/read-tasks.js';

/** Finds wrong entries in a snapshot of the queues. Cost: a call for 100 entries that may be wrong. */
export async function findEntries(
  deps: Pick<Deps, 'target' | 'signal'>,
  { snapshot, now, settings }: SearchContext,
): Promise<{ findings: Finding[]; defective: number }> {
  const doubtful = doubtfulEntries(snapshot).filter(({ observedState }) =>
    settings.only.includes(observedState === 'absent' ? 'ghost-entry' : 'stale-entry'),
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
  return { findings, defective: defective.size };
}

const taskKeyOf = ({ id }: QueuedEntry) => Buffer.concat([Buffer.from(TASK_KEY_PREFIX), id]);

/** All entries that may be wrong. An id that is several times in one queue is one entry with `isRepeated`. */
function doubtfulEntries({ primary, retry, dlq, scheduled }: QueueSnapshot): QueuedEntry[] {
  const entries = new Map<string, QueuedEntry>();
  for (const [i, { doubtful }] of [primary, retry, dlq, scheduled].entries()) {
    for (const entry of doubtful) {
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
