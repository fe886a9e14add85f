import fc from 'fast-check';

/** The command that makes a key, without the key's name. */
export type Making = [command: string, ...values: (string | Buffer)[]];

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

export const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((drawn) => Buffer.from(drawn));

/** A field, an entry, or what a string key holds. */
export const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...AWKWARD) },
  { weight: 1, arbitrary: bytes(40) },
);

/** Fields of a task. */
export const TASK_FIELDS: readonly string[] = [
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

const field = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...TASK_FIELDS) },
  { weight: 1, arbitrary: bytes(9) },
);
const score = fc.constantFrom('0', '-1.5', '1e300', 'inf', '-inf', '1795360255.8');

const fields = fc.array(fc.tuple(field, value), { minLength: 1, maxLength: 12 });
const values = fc.array(value, { minLength: 1, maxLength: 6 });
const members = fc.array(fc.tuple(score, value), { minLength: 1, maxLength: 5 });

/** A key of any type with any content. */
export const content = fc.oneof(
  { weight: 4, arbitrary: fields.map((pairs): Making => ['HSET', ...pairs.flat()]) },
  { weight: 3, arbitrary: value.map((one): Making => ['SET', one]) },
  { weight: 2, arbitrary: values.map((all): Making => ['RPUSH', ...all]) },
  { weight: 1, arbitrary: values.map((all): Making => ['SADD', ...all]) },
  { weight: 2, arbitrary: members.map((pairs): Making => ['ZADD', ...pairs.flat()]) },
  { weight: 1, arbitrary: value.map((one): Making => ['XADD', '*', 'field', one]) },
);
