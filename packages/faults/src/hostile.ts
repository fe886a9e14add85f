import type { Redis } from '@atf/core';
import fc from 'fast-check';

/** A key of any name with any content. */
export interface HostileKey {
  key: Buffer;
  /** The command that makes it, without the key. */
  make: [command: string, ...values: (string | Buffer)[]];
}

const DEEP = 1_000;

/** Values that a parser, a number or a terminal may stumble over. */
const AWKWARD: readonly (string | Buffer)[] = [
  '',
  '-3',
  'abc',
  '1e999',
  '-0',
  ' 5',
  '5\n',
  '05',
  '0x1f',
  'NaN',
  'inf',
  '9'.repeat(19),
  `-${'9'.repeat(30)}`,
  '[]',
  '{}',
  'null',
  '"',
  '['.repeat(DEEP) + ']'.repeat(DEEP),
  `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  `[${'1e999,'.repeat(50)}0]`,
  '{"body":"////","content-length":536870912}',
  '{"body":"W1siXHUwMDAwIl1d","properties":null}',
  '[{"body":{}},null,[]]',
  '{"status":"SUCCESS","date_done":"0001-01-01T00:00:00"}',
  '{"date_done":"2020-01-01T00:00:00\u0000"}',
  '{"date_done":{"date_done":1e999}}',
  '{"tool":"\u001b[2J","host":"\u202e","since":"\u0007"}',
  '\u001b]0;title\u0007\u001b[2J\u009b31m',
  'a\r\nb\u2028c\u202e',
  '0001-01-01T00:00:00',
  '2026-11-22T15:10:55.455220',
  'unknown_id',
  'PENDING',
  'ACTIVE',
  'COMPLETED',
  'completed',
  'DLQ',
  'SCHEDULED',
  Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xc3]),
  Buffer.from([0xed, 0xa0, 0x80]),
  'x'.repeat(65_536),
];

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((drawn) => Buffer.from(drawn));
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...AWKWARD) },
  { weight: 1, arbitrary: bytes(40) },
);
const values = fc.array(value, { minLength: 1, maxLength: 6 });

const FIELDS = [
  'task_id',
  'state',
  'content',
  'created_at',
  'updated_at',
  'completed_at',
  'retry_count',
  'max_retries',
  'retry_after',
  'worker_id',
  'started_at',
  'error_history',
  'state_history',
  'result',
];

const hash = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...FIELDS) }, { weight: 1, arbitrary: bytes(9) }),
      value,
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((pairs): HostileKey['make'] => ['HSET', ...pairs.flat()]);

const content = fc.oneof(
  { weight: 4, arbitrary: hash },
  { weight: 3, arbitrary: value.map((one): HostileKey['make'] => ['SET', one]) },
  { weight: 2, arbitrary: values.map((all): HostileKey['make'] => ['RPUSH', ...all]) },
  { weight: 1, arbitrary: values.map((all): HostileKey['make'] => ['SADD', ...all]) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom('0', '-1.5', '1e300', 'inf', '-inf', '1795360255.8'), value), {
        minLength: 1,
        maxLength: 5,
      })
      .map((pairs): HostileKey['make'] => ['ZADD', ...pairs.flat()]),
  },
  { weight: 1, arbitrary: value.map((one): HostileKey['make'] => ['XADD', '*', 'field', one]) },
);

export const COUNTERS = ['pending', 'active', 'completed', 'failed', 'scheduled', 'dlq'].map(
  (state) => `metrics:tasks:state:${state}`,
);

/** Keys that the model has once. */
const SINGLE = [
  'tasks:pending:primary',
  'tasks:pending:retry',
  'tasks:scheduled',
  'dlq:tasks',
  'celery',
  'unacked',
  'unacked_index',
  'unacked_mutex',
  'openrouter:rate_limit:bucket',
  ...COUNTERS,
];

/** Beginnings of names, some of them only much like the model's. */
const BEGINNINGS = [
  'task:',
  'task:',
  'task:',
  'dlq:task:',
  'celery-task-meta-',
  'celery-task-meta-',
  'worker:heartbeat:',
  '_kombu.binding.',
  'openrouter:',
  'task',
  'tasks:',
  'TASK:',
  'celery-task-meta',
  'celery-taskset-meta-',
  '',
];

const end = fc.oneof(
  { weight: 5, arbitrary: bytes(24) },
  { weight: 3, arbitrary: fc.uuid().map((id) => Buffer.from(id)) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('*', '[a-z]', '\\', '{x}', '\u001b[2J', 'a\nb', '\u0000')
      .map((name) => Buffer.from(name)),
  },
  { weight: 1, arbitrary: fc.nat(255).map((byte) => Buffer.alloc(65_000, byte)) },
);

const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...SINGLE).map((key) => Buffer.from(key)) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...BEGINNINGS), end)
      .map(([beginning, rest]) => Buffer.concat([Buffer.from(beginning), rest]))
      .filter((key) => key.length > 0),
  },
);

/** A database of so many keys at the most, no name twice. */
export const hostileDatabase = (maxKeys: number) =>
  fc
    .array(
      fc.tuple(name, content).map(([key, make]): HostileKey => ({ key, make })),
      { maxLength: maxKeys, size: 'max' },
    )
    .map(onceEach);

const STATES = ['PENDING', 'ACTIVE', 'FAILED', 'SCHEDULED', 'DLQ', 'COMPLETED'];
const LONG_AGO = '2020-01-01T00:00:00';

/** A task that no schema refuses, long untouched; what no schema looks at is hostile. */
const oldTask = fc
  .record({
    id: end.filter((id) => id.length > 0),
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
  const list = fc.array(id, { maxLength: 8 }).map((all): HostileKey['make'] => ['RPUSH', ...all]);
  const scores = fc.array(fc.tuple(fc.constantFrom('0', '-1.5', '1500000000.5', '1e300'), id), {
    maxLength: 5,
  });
  const set = scores.map((pairs): HostileKey['make'] => ['ZADD', ...pairs.flat()]);
  return fc
    .tuple(list, list, list, set)
    .map((makes) => makes.map((make, i): HostileKey => ({ key: Buffer.from(QUEUES[i]!), make })));
};

/** The lists of ids, and the sorted set. */
export const QUEUES = ['tasks:pending:primary', 'tasks:pending:retry', 'dlq:tasks', 'tasks:scheduled'];

const counters = fc
  .tuple(...COUNTERS.map(() => fc.constantFrom('0', '7', '-3', '05', 'abc', '')))
  .map((drawn) => drawn.map((one, i): HostileKey => ({ key: Buffer.from(COUNTERS[i]!), make: ['SET', one] })))
  .map((keys) => keys.filter(({ make }) => make[1] !== ''));

/** A hostile database with old tasks in it, in their queues and in wrong ones. */
export const hostileSystem = (maxKeys: number) =>
  fc
    .tuple(hostileDatabase(maxKeys), fc.array(oldTask, { minLength: 1, maxLength: 10 }), counters)
    .chain(([others, tasks, counts]) =>
      queuesOf(tasks.map(({ id }) => id)).map((queues) =>
        onceEach([...others, ...counts, ...tasks, ...queues.filter(({ make }) => make.length > 1)]),
      ),
    );

/** A hostile database whose tasks have a dead-letter copy, each second one, and a place in two queues. */
export const hostileReferences = (maxKeys: number) =>
  hostileDatabase(maxKeys).map((keys) => {
    const tasks = keys.map(({ key }) => key).filter((key) => key.subarray(0, 5).equals(Buffer.from('task:')));
    if (tasks.length === 0) return keys;
    const ids = tasks.map((key) => key.subarray(5));
    const copies = tasks
      .map((key) => Buffer.concat([Buffer.from('dlq:'), key]))
      .filter((_, i) => i % 2 === 0);
    return onceEach([
      ...keys,
      ...copies.map((key): HostileKey => ({ key, make: ['HSET', 'state', 'DLQ'] })),
      { key: Buffer.from('dlq:tasks'), make: ['RPUSH', ...ids, 'another', ...ids] },
      { key: Buffer.from('tasks:scheduled'), make: ['ZADD', ...ids.flatMap((id) => ['1', id])] },
    ]);
  });

/** The last of each name. */
const onceEach = (keys: readonly HostileKey[]) => [
  ...new Map(keys.map((one) => [one.key.toString('latin1'), one])).values(),
];

/** Empties the database and writes the keys. */
export async function writeKeys(client: Redis, keys: readonly HostileKey[]): Promise<void> {
  await client.sendCommand(['FLUSHALL']);
  await Promise.all(
    keys.map(({ key, make: [command, ...rest] }) => client.sendCommand([command, key, ...rest])),
  );
}
