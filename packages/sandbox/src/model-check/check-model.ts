import { counterDifferences } from '../count-states.js';
import { readHashes } from '../read-hashes.js';
import type { SandboxClient } from '../redis-client.js';
import type { Fault } from '../seeding/seed-options.js';
import { type JudgedTask, judgeEntries, judgeMessages, judgeTask } from './judge-task.js';
import { readPositions } from './read-positions.js';

/** What is wrong in a database: ids by fault, and the states whose counter is wrong. Empty where all is well. */
export type ModelFaults = Partial<Record<Fault | 'counterDrift', string[]>>;

export interface CheckModelOptions {
  /** The moment by which a scheduled task is overdue; default: the clock's. */
  now?: Date;
  /** False: a system without counters. Default true. */
  counters?: boolean;
}

/**
 * Judges a whole database by the data model, from its own statement of it: each task is whole, each that is not final is in
 * exactly one place and but once, each ACTIVE one has a live worker, each queue entry has its task, counters equal states. For tests:
 * it reads everything, and is only right while nobody writes. About 10 µs a task.
 */
export async function checkModel(
  client: SandboxClient,
  { now = new Date(), counters = true }: CheckModelOptions = {},
): Promise<ModelFaults> {
  const found: ModelFaults = {};
  const note = (fault: keyof ModelFaults, id: string): void => {
    const ids = found[fault] ?? [];
    ids.push(id);
    found[fault] = ids;
  };
  const { tasks, others } = await readTasks(client);
  const positions = await readPositions(client);
  const system = { positions, liveWorkers: await readLiveWorkers(client), now: now.getTime() / 1000 };
  for (const id of others) note('notAHash', id);
  for (const task of tasks.values()) for (const fault of judgeTask(task, system)) note(fault, task.id);
  const stateOf = (id: string) => (tasks.has(id) ? tasks.get(id)?.state : null);
  for (const [fault, id] of judgeEntries(positions, stateOf)) note(fault, id);
  for (const [fault, id] of judgeMessages(positions, stateOf)) note(fault, id);
  if (counters) for (const { state } of await counterDifferences(client)) note('counterDrift', state);
  return found;
}

async function readTasks(
  client: SandboxClient,
): Promise<{ tasks: Map<string, JudgedTask>; others: string[] }> {
  const tasks = new Map<string, JudgedTask>();
  const others = new Set<string>();
  for await (const keys of client.scanIterator({ MATCH: 'task:*', COUNT: 1000 })) {
    const read = await readHashes(client, keys, ['state', 'task_id', 'created_at', 'worker_id']);
    for (const [index, [type, values]] of read.entries()) {
      const id = keys[index]!.slice('task:'.length);
      const [state, taskId, createdAt, workerId] = values.map((value) => value ?? undefined);
      if (type === 'hash') tasks.set(id, { id, state, taskId, createdAt, workerId });
      else others.add(id);
    }
  }
  return { tasks, others: [...others] };
}

async function readLiveWorkers(client: SandboxClient): Promise<Set<string>> {
  const keys = await client.keys('worker:heartbeat:*');
  return new Set(keys.map((key) => key.slice('worker:heartbeat:'.length)));
}
