import {
  BINARY,
  COUNTER_KEYS,
  ID_LISTS,
  keyName,
  type Redis,
  SCHEDULED_KEY,
  TASK_KEY_PREFIX,
} from '@atf/core';
import type { Dump } from './dump.js';

/** What a system holds of tasks: ids as reports write them, values in latin1. */
export interface StateDump {
  /** The ids in each queue, in order; in the sorted set with their scores. */
  queues: ReadonlyMap<string, readonly (readonly [id: string, score: string])[]>;
  tasks: ReadonlyMap<string, ReadonlyMap<string, string>>;
  counters: ReadonlyMap<string, string>;
}

/** Reads them; what is of another type than it should be is left out. */
export async function stateDumpOf(client: Redis, dump: Dump): Promise<StateDump> {
  const isA = (type: string, key: string) => dump.get(key)?.startsWith(`${type} `) ?? false;
  const queues = new Map<string, [string, string][]>();
  for (const key of ID_LISTS.filter((list) => isA('list', list))) {
    const ids = await read<Buffer[]>(client, key, ['LRANGE', '0', '-1']);
    const entries = ids.map((id): [string, string] => [keyName(id), '']);
    queues.set(key, entries);
  }
  if (isA('zset', SCHEDULED_KEY)) {
    const members = await read<Buffer[]>(client, SCHEDULED_KEY, ['ZRANGE', '0', '-1', 'WITHSCORES']);
    const entries = pairs(members).map(([id, score]): [string, string] => [keyName(id), score.toString()]);
    queues.set(SCHEDULED_KEY, entries);
  }
  const tasks = new Map<string, Map<string, string>>();
  for (const key of dump.keys()) {
    if (!key.startsWith(TASK_KEY_PREFIX) || !isA('hash', key)) continue;
    const fields = pairs(await read<Buffer[]>(client, key, ['HGETALL']));
    tasks.set(idOf(key), new Map(fields.map(([name, value]) => [latin1(name), latin1(value)])));
  }
  const counters = new Map<string, string>();
  for (const key of COUNTER_KEYS.filter((counter) => isA('string', counter)))
    counters.set(key, latin1(await read<Buffer>(client, key, ['GET'])));
  return { queues, tasks, counters };
}

/** The id in a task's key, as reports write it. */
export const idOf = (key: string) => keyName(Buffer.from(key.slice(TASK_KEY_PREFIX.length), 'latin1'));

/** By a script: its reply has RESP2's form, which is flat. */
function read<T extends Buffer | Buffer[]>(
  client: Redis,
  key: string,
  [command, ...args]: readonly [string, ...string[]],
): Promise<T> {
  const script = 'return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))';
  return client.sendCommand<T>(['EVAL', script, '1', Buffer.from(key, 'latin1'), command, ...args], BINARY);
}

const latin1 = (bytes: Buffer) => bytes.toString('latin1');
const pairs = (flat: readonly Buffer[]) =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!] as const);
