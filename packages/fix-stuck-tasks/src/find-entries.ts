import {
  type Deps,
  judgeTask as judgeHash,
  keyName,
  locationsOf,
  QUEUE_KEYS,
  type QueueSnapshot,
  TASK_KEY_PREFIX,
} from '@atf/core';
import type { Finding } from './detect/finding.js';
import { judgeEntry, type QueuedEntry } from './detect/judge-entry.js';
import type { Settings } from './options.js';
import { readTasks, type TaskReading } from './read/read-tasks.js';

/** Finds entries of queues that are wrong in a snapshot of the queues. Cost: a call for 100 entries that may be wrong. */
export async function findEntries(
  { target, signal, now }: Pick<Deps, 'target' | 'signal' | 'now'>,
  snapshot: QueueSnapshot,
  { only }: Settings,
): Promise<{ findings: Finding[]; defective: number }> {
  const doubtful = doubtfulEntries(snapshot).filter(({ observedState }) =>
    only.includes(observedState === 'absent' ? 'ghost-entry' : 'stale-entry'),
  );
  signal.throwIfAborted();
  const keys = doubtful.map(({ id }) => Buffer.concat([Buffer.from(TASK_KEY_PREFIX), id]));
  const readings = await readTasks(target.client, keys);
  const byId = new Map(readings.map((reading) => [reading.id.toString('latin1'), reading]));
  const defective = new Set<TaskReading>();
  const findings: Finding[] = [];
  for (const entry of doubtful) {
    const reading = byId.get(entry.id.toString('latin1'));
    if (reading && isDefective(reading)) {
      defective.add(reading);
      continue;
    }
    findings.push(...judgeEntry(entry, reading, { locations: locationsOf(snapshot, entry.id), now: now() }));
  }
  return { findings, defective: defective.size };
}

/** True for a task that is of no use to AsyncTaskFlow, wherever it is. The id of its key is no part of that. */
export function isDefective({ id, fields }: TaskReading): boolean {
  return judgeHash(keyName(id), { kind: 'hash', fields }).verdict === 'defective';
}

/** All entries that may be wrong. An id that is in one queue several times comes once, as a repeated one. */
function doubtfulEntries({ primary, retry, dlq, scheduled }: QueueSnapshot): QueuedEntry[] {
  const entries = new Map<string, QueuedEntry>();
  for (const [i, { doubtful }] of [primary, retry, dlq, scheduled].entries()) {
    for (const entry of doubtful) {
      const name = `${i} ${entry.id.toString('latin1')}`;
      const known = entries.get(name);
      entries.set(name, known ? { ...known, isRepeated: true } : { ...entry, queue: QUEUE_KEYS[i]! });
    }
  }
  return [...entries.values()];
}
