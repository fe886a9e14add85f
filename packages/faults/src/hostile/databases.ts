import type { Redis } from '@atf/core';
import { DLQ_LIST, SCHEDULED_SET, STATES, UNACKED_HASH } from '@atf/sandbox';
import fc from 'fast-check';
import { content, type Making, value } from './contents.js';
import { COUNTERS, LISTS, name, nameEnd } from './names.js';

/** A key of any name with any content. */
export interface HostileKey {
  key: Buffer;
  make: Making;
}

const hostileKey = (key: string, make: Making): HostileKey => ({ key: Buffer.from(key), make });

/** The last of each name. */
const onceEach = (keys: readonly HostileKey[]) => [
  ...new Map(keys.map((one) => [one.key.toString('latin1'), one])).values(),
];

/** A database of so many keys at the most, no name twice. */
export const hostileDatabase = (maxKeys: number) =>
  fc
    .array(
      fc.tuple(name, content).map(([key, make]): HostileKey => ({ key, make })),
      { maxLength: maxKeys, size: 'max' },
    )
    .map(onceEach);

const LONG_AGO = '2020-01-01T00:00:00';

/** A task that no schema refuses, long untouched; what no schema looks at is hostile. */
const oldTask = fc
  .record({
    id: nameEnd.filter((id) => id.length > 0),
    state: fc.constantFrom(...STATES),
    retries: fc.constantFrom('0', '1', '3', 'abc'),
    others: fc.dictionary(
      fc.constantFrom('worker_id', 'error_history', 'state_history', 'retry_after', 'max_retries', 'content'),
      value,
    ),
  })
  .map(({ id, state, retries, others }): HostileKey & { id: Buffer } => ({
    id,
    key: Buffer.concat([Buffer.from('task:'), id]),
    make: [
      ...(['HSET', 'task_id', id, 'state', state, 'created_at', LONG_AGO, 'updated_at', LONG_AGO] as const),
      ...['retry_count', retries, ...Object.entries(others).flat()],
    ],
  }));

/** The queues of some ids, with entries of others among them and the same id in any place; a queue may be missing. */
const queuesOf = (ids: readonly Buffer[]) => {
  const id = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: value });
  const score = fc.constantFrom('0', '-1.5', '1500000000.5', '1e300');
  const list = fc.array(id, { maxLength: 8 }).map((all): Making => ['RPUSH', ...all]);
  const set = fc
    .array(fc.tuple(score, id), { maxLength: 5 })
    .map((pairs): Making => ['ZADD', ...pairs.flat()]);
  return fc
    .tuple(
      ...LISTS.map((key) => list.map((make) => hostileKey(key, make))),
      set.map((make) => hostileKey(SCHEDULED_SET, make)),
    )
    .map((queues) => queues.filter(({ make }) => make.length > 1));
};

/** Each counter, whatever it says, or none. */
const counters = fc
  .tuple(
    ...COUNTERS.map((key) =>
      fc
        .constantFrom('0', '7', '-3', '05', 'abc', undefined)
        .map((one) => (one === undefined ? [] : [hostileKey(key, ['SET', one])])),
    ),
  )
  .map((drawn) => drawn.flat());

/** A hostile database with old tasks in it, in their queues and in wrong ones. */
export const hostileSystem = (maxKeys: number) =>
  fc
    .tuple(hostileDatabase(maxKeys), fc.array(oldTask, { minLength: 1, maxLength: 10 }), counters)
    .chain(([others, tasks, counts]) =>
      queuesOf(tasks.map(({ id }) => id)).map((queues) =>
        onceEach([...others, ...counts, ...tasks, ...queues]),
      ),
    );

/** A defective task that is ACTIVE, and a message that a worker has taken, whatever it says. */
const takenMessage = value.map((message) => [
  hostileKey('task:running', ['HSET', 'state', 'ACTIVE']),
  hostileKey(UNACKED_HASH, ['HSET', 'tag', message]),
]);

/** A hostile database whose tasks have a dead-letter copy, each second one, and a place in two queues. */
export const hostileReferences = (maxKeys: number) =>
  fc.tuple(hostileDatabase(maxKeys), fc.option(takenMessage, { nil: [] })).map(([others, taken]) => {
    const keys = onceEach([...others, ...taken]);
    const tasks = keys.map(({ key }) => key).filter((key) => key.subarray(0, 5).equals(Buffer.from('task:')));
    if (tasks.length === 0) return keys;
    const ids = tasks.map((key) => key.subarray(5));
    const copies = tasks
      .map((key) => Buffer.concat([Buffer.from('dlq:'), key]))
      .filter((_, i) => i % 2 === 0);
    return onceEach([
      ...keys,
      ...copies.map((key): HostileKey => ({ key, make: ['HSET', 'state', 'DLQ'] })),
      hostileKey(DLQ_LIST, ['RPUSH', ...ids, 'another', ...ids]),
      hostileKey(SCHEDULED_SET, ['ZADD', ...ids.flatMap((id) => ['1', id])]),
    ]);
  });

/** Empties the database and writes the keys. */
export async function writeKeys(client: Redis, keys: readonly HostileKey[]): Promise<void> {
  await client.sendCommand(['FLUSHALL']);
  await Promise.all(
    keys.map(({ key, make: [command, ...rest] }) => client.sendCommand([command, key, ...rest])),
  );
}
