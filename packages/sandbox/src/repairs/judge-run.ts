import { taskKey } from '../keys.js';
import { readHashes } from '../read-hashes.js';
import type { SandboxClient } from '../redis-client.js';
import type { RepairRun } from './repair-options.js';

const FINAL = ['COMPLETED', 'FAILED', 'DLQ'];

/** Tasks whose state is not final: `id STATE`. Only right while nobody writes. */
export async function unfinishedTasks(client: SandboxClient): Promise<string[]> {
  const keys = new Set<string>();
  for await (const page of client.scanIterator({ MATCH: taskKey('*'), COUNT: 1000, TYPE: 'hash' })) {
    for (const key of page) keys.add(key);
  }
  const names = [...keys];
  const read = await readHashes(client, names, ['state']);
  return read
    .map(([, [state]], index) => ({
      id: names[index]!.slice(taskKey('').length),
      state: state ?? 'without a state',
    }))
    .filter(({ state }) => !FINAL.includes(state))
    .map(({ id, state }) => `${id} ${state}`);
}

/** All that is wrong after a run, a sentence each. */
export function sentencesOf(run: Omit<RepairRun, 'wrong'>, timeline: (id: string) => string): string[] {
  const faults = Object.entries(run.faults).flatMap(([fault, ids]) =>
    ids.map((id) => `${id} is left as ${fault}: ${timeline(id)}`),
  );
  const unfinished = run.unfinished.map((task) => {
    const [id = ''] = task.split(' ');
    return `${task} is not in a final state: ${timeline(id)}`;
  });
  const counters = run.differences.map(
    ({ state, counter, tasks }) =>
      `the counter of ${state} is ${counter ?? 'missing'}, its tasks are ${tasks}`,
  );
  const errors = run.traffic.errors.map((error) => `the traffic broke off: ${error}`);
  const sentences = [...errors, ...run.violations, ...unfinished, ...faults, ...counters];
  return sentences.map((sentence) => `seed ${run.seed}: ${sentence}`);
}
