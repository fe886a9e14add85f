import { BINARY, bytesText, JUDGED_FIELDS, judgedFields, judgeTask, taskSchema } from '@atf/core';
import { completedTask, microsOf } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deleteDefectiveTasks } from '../src/delete-defective-tasks.js';
import { findCandidates } from '../src/detect/find-candidates.js';
import { DELETE, useFixture } from './support.js';

const fixture = useFixture();

type Fields = Record<string, Buffer>;

const at = microsOf(new Date('2026-11-22T15:10:00Z'));
const SOUND = Object.entries(
  completedTask(
    { id: 'x', content: 'text', createdAt: at },
    { workerId: 'w', startedAt: at + 1, completedAt: at + 2 },
  ),
);

const DATES = [
  '',
  '0001-01-01T00:00:00',
  '2026-11-22',
  '2026-11-22T15:10:55Z',
  '2026-11-22 15:10:55.455220+00:00',
  '2024-02-29T00:00:00',
  '2026-02-29T00:00:00',
  '2026-13-01T00:00:00',
  '2026-11-22T24:00:00',
  '2026-11-22T15:10:60',
  '2026-W47-7',
  '20261122T151055,5',
  'None',
  '1795360255.8',
];
const value = fc.oneof(
  fc
    .constantFrom(...DATES, 'unknown_id', 'PENDING', 'completed', '0', '-1', '3.5', 'abc')
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
);
const mutation = fc.tuple(fc.constantFrom(...SOUND.map(([field]) => field), 'new_field'), fc.option(value));
/** A sound task's fields with some of them missing or changed; its id stands for that of its key. */
const hash = fc.array(mutation, { maxLength: 3 }).map((mutations) => {
  const fields: Fields = Object.fromEntries(SOUND.map(([field, text]) => [field, Buffer.from(text)]));
  for (const [field, changed] of mutations) {
    if (changed === null) delete fields[field];
    else fields[field] = changed;
  }
  return fields;
});
const key = fc.oneof(
  fc.uuid().map((id) => Buffer.from(`task:${id}`)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.concat([Buffer.from('task:'), Buffer.from(bytes)])),
);

const RUNS = { numRuns: Number(process.env.ATF_PROPERTY_RUNS ?? 150) };

/** Writes the drawn tasks into an empty database, and returns each by its key in latin1. */
async function write(drawn: [Buffer, Fields][]): Promise<Map<string, Fields>> {
  const tasks = new Map(drawn.map(([name, fields]) => [name.toString('latin1'), fields]));
  await fixture.client.flushAll();
  for (const [name, fields] of tasks) {
    const id = Buffer.from(name, 'latin1').subarray(5);
    if (fields.task_id?.toString() === 'x') fields.task_id = id;
    await fixture.client.hSet(Buffer.from(name, 'latin1'), Object.entries(fields).flat());
  }
  return tasks;
}
const drawnTasks = fc.array(fc.tuple(key, hash), { minLength: 1, maxLength: 40 });

/** Compares the verdicts and findings that the filter lets through with those of the schema. */
async function expectAgreement(tasks: Map<string, Fields>): Promise<void> {
  const expected = [...tasks].map(([name, fields]) => [name, judgementOf(name, fields)]);
  const found = new Map<string, unknown>();
  for await (const { keys, candidates } of findCandidates(fixture.deps())) {
    for (const [index, { verdict, findings }] of candidates) {
      found.set(keys.at(index).toString('latin1'), { verdict, findings });
    }
  }
  expect([...tasks].map(([name]) => [name, found.get(name) ?? { verdict: 'sound', findings: [] }])).toEqual(
    expected,
  );
}

test('the filter on the server and the schema agree on every verdict and every finding', async () => {
  await fc.assert(
    fc.asyncProperty(drawnTasks, async (drawn) => expectAgreement(await write(drawn))),
    RUNS,
  );
});

test('they agree on each date that differs in one character from the usual form', async () => {
  const almostDates = ['2026-11-22T15:10:55', '2026-11-22T20:10:55.455220'].flatMap((date) =>
    [...date].flatMap((_, i) =>
      [...'0123456789/:.,-+TtZ \0'].map((changed) => date.slice(0, i) + changed + date.slice(i + 1)),
    ),
  );
  const sound = Object.fromEntries(SOUND.map(([field, text]) => [field, Buffer.from(text)]));
  const drawn = almostDates.map((date, i): [Buffer, Fields] => {
    return [Buffer.from(`task:${i}`), { ...sound, updated_at: Buffer.from(date) }];
  });
  await expectAgreement(await write(drawn));
});

function judgementOf(name: string, fields: Fields) {
  return judgeTask(bytesText(Buffer.from(name, 'latin1').subarray(5)), {
    kind: 'hash',
    fields: judgedFields((field) => (fields[field] ? bytesText(fields[field]) : null)),
  });
}

test('a task as AsyncTaskFlow writes it never leaves the server', async () => {
  const optional = JUDGED_FIELDS.filter(
    (field) => !['task_id', 'state', 'created_at', 'retry_count', 'max_retries'].includes(field),
  );
  const date = fc
    .date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
    .filter((date) => !date.toISOString().includes('-02-29'))
    .map((date) => date.toISOString().slice(0, 19));
  const sound = fc.tuple(
    fc.uuid({ version: 4 }),
    fc.constantFrom('PENDING', 'ACTIVE', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'),
    fc.dictionary(fc.constantFrom(...optional), fc.oneof(fc.constant(''), date), { noNullPrototype: true }),
  );
  const property = fc.asyncProperty(fc.array(sound, { minLength: 1, maxLength: 40 }), async (drawn) => {
    await write(
      drawn.map(([id, state, dates]) => {
        const task = { task_id: id, state, created_at: '2026-11-22T15:10:55.455220', retry_count: '0' };
        const fields = { ...task, max_retries: '3', ...dates };
        return [
          Buffer.from(`task:${id}`),
          Object.fromEntries(Object.entries(fields).map(([field, text]) => [field, Buffer.from(text)])),
        ];
      }),
    );
    for await (const { candidates } of findCandidates(fixture.deps())) expect(candidates.size).toBe(0);
  });
  await fc.assert(property, RUNS);
});

test('the tasks that are deleted are those that the schema refuses, and nothing else changes', async () => {
  const property = fc.asyncProperty(drawnTasks, async (drawn) => {
    const tasks = await write(drawn);
    const expected = [...tasks].filter(([, fields]) => isSound(fields)).map(([name]) => name);
    const before = await contents(expected);

    const { result } = await deleteDefectiveTasks(fixture.deps(), DELETE);

    expect(result.deleted).toBe(tasks.size - expected.length);
    expect(await contents(expected)).toEqual(before);
    expect(await fixture.client.dbSize()).toBe(expected.length);
  });
  await fc.assert(property, RUNS);
});

function isSound(fields: Fields): boolean {
  const text = Object.fromEntries(Object.entries(fields).map(([field, bytes]) => [field, bytes.toString()]));
  return taskSchema.safeParse(text).success;
}

/** The hashes whole, sorted: a DUMP of one would come in an order that changes by itself. */
async function contents(names: readonly string[]): Promise<string[]> {
  const script = "return redis.call('HGETALL', KEYS[1])";
  return Promise.all(
    names.map(async (name) => {
      const flat = await fixture.client.sendCommand<Buffer[]>(
        ['EVAL', script, '1', Buffer.from(name, 'latin1')],
        BINARY,
      );
      const pairs = flat.flatMap((bytes, i) =>
        i % 2 === 0 ? [`${bytes.toString('base64')} ${flat[i + 1]!.toString('base64')}`] : [],
      );
      return pairs.sort().join();
    }),
  );
}
