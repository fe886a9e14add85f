import { counterKey, isState, STATES, type State } from './keys.js';
import { readHashes } from './read-hashes.js';
import type { SandboxClient } from './redis-client.js';

export interface StateCounts {
  /** Task hashes in each of the six states. */
  states: Record<State, number>;
  /** Task hashes in a state that is none of the six, by that state. */
  unknown: Record<string, number>;
  /** Task hashes without a `state` field. */
  missing: number;
  /** Keys under `task:` that are no hash. */
  notAHash: number;
  /** All hashes under `task:`. */
  tasks: number;
}

export interface CounterDifference {
  state: State;
  /** The counter's raw value; null where it does not exist. */
  counter: string | null;
  /** Task hashes in that state. */
  tasks: number;
}

export const perState = <T>(value: (state: State) => T): Record<State, T> =>
  Object.fromEntries(STATES.map((state) => [state, value(state)])) as Record<State, T>;

/**
 * Counts the tasks the slow and sure way: every key name is remembered, so a repeat of SCAN counts once, and each key is
 * asked for its type and state by itself. About 5 µs a task, memory for every key name. Only right while nobody writes.
 */
export async function countStates(client: SandboxClient): Promise<StateCounts> {
  const seen = new Set<string>();
  const counts: StateCounts = { states: perState(() => 0), unknown: {}, missing: 0, notAHash: 0, tasks: 0 };
  for await (const page of client.scanIterator({ MATCH: 'task:*', COUNT: 1000 })) {
    const fresh = [...new Set(page)].filter((key) => !seen.has(key));
    for (const key of fresh) seen.add(key);
    for (const [type, [state = null]] of await readHashes(client, fresh, ['state'])) {
      if (type === 'hash') addState(counts, state);
      else if (type !== 'none') counts.notAHash++;
    }
  }
  return counts;
}

function addState(counts: StateCounts, state: string | null): void {
  counts.tasks++;
  if (state === null) counts.missing++;
  else if (isState(state)) counts.states[state]++;
  else counts.unknown[state] = (counts.unknown[state] ?? 0) + 1;
}

/** The six counters as they stand, raw; null where one does not exist. One command. */
export async function readCounters(client: SandboxClient): Promise<Record<State, string | null>> {
  const values = await client.mGet(STATES.map(counterKey));
  return perState((state) => values[STATES.indexOf(state)] ?? null);
}

/** Where counters and tasks disagree; a counter that does not exist counts as 0. Costs as `countStates`. */
export async function counterDifferences(client: SandboxClient): Promise<CounterDifference[]> {
  const [{ states }, counters] = [await countStates(client), await readCounters(client)];
  return STATES.map((state) => ({ state, counter: counters[state], tasks: states[state] })).filter(
    ({ counter, tasks }) => (counter ?? '0') !== String(tasks),
  );
}

/** Throws, naming each counter that differs from its tasks; else gives the empty list of differences. */
export async function assertCountersExact(client: SandboxClient): Promise<CounterDifference[]> {
  const differences = await counterDifferences(client);
  if (differences.length === 0) return differences;
  const lines = differences.map(
    ({ state, counter, tasks }) => `${state}: counter ${counter ?? 'missing'}, tasks ${tasks}`,
  );
  throw new Error(`counters differ from tasks: ${lines.join('; ')}`);
}

/** One hash over all keys, values and expiries. The server must run with `--enable-debug-command yes`; walks everything. */
export async function debugDigest(client: SandboxClient): Promise<string> {
  return String(await client.sendCommand(['DEBUG', 'DIGEST']));
}
