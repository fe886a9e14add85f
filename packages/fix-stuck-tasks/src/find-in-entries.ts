import { type Deps, judgeTask, keyName, TASK_KEY_PREFIX } from '@atf/core';
import type { Finding } from './finding.js';
import type { Settings } from './options.js';
import { type Look, seenIn } from './places/look.js';
import { type DoubtfulEntry, judgeEntry } from './tasks/judge-entry.js';
import { readTasks, type TaskReading } from './tasks/read-tasks.js';

/** Finds entries of queues that are wrong, from a look at them. Cost: a call for 100 entries that may be wrong. */
export async function findInEntries(
  { target, signal, now }: Pick<Deps, 'target' | 'signal' | 'now'>,
  look: Look,
  { only }: Settings,
): Promise<{ findings: Finding[]; defective: number }> {
  const doubtful = onceEach(doubtfulEntries(look)).filter(({ letter }) =>
    only.includes(letter === '-' ? 'ghost-entry' : 'stale-entry'),
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
    findings.push(...judgeEntry(entry, reading, { seen: seenIn(look, entry.id), now: now() }));
  }
  return { findings, defective: defective.size };
}

/** True for a task that is of no use to AsyncTaskFlow, whatever its place. The id of its key is no part of that. */
export function isDefective({ id, fields }: TaskReading): boolean {
  return judgeTask(keyName(id), { kind: 'hash', fields }).verdict === 'defective';
}

function doubtfulEntries({ primary, retry, dlq, scheduled }: Look): DoubtfulEntry[] {
  return [primary, retry, dlq, scheduled].flatMap(({ odd }, queue) =>
    odd.map((entry) => ({ ...entry, queue })),
  );
}

/** An id that is wrong several times in one queue is one finding; that it stands there again is kept in mind. */
function onceEach(entries: readonly DoubtfulEntry[]): DoubtfulEntry[] {
  const once = new Map<string, DoubtfulEntry>();
  for (const entry of entries) {
    const name = `${entry.queue} ${entry.id.toString('latin1')}`;
    const known = once.get(name);
    once.set(name, known ? { ...known, again: true } : entry);
  }
  return [...once.values()];
}
