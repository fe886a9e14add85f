import { readFile, truncate, writeFile } from 'node:fs/promises';
import {
  closeTarget,
  connectTarget,
  MAINTENANCE_LOCK_KEY,
  type Redis,
  StoppedError,
  type Target,
} from '@atf/core';
import { counterDifferences, loadRecording, PRIMARY_QUEUE, RECORDING, taskKey } from '@atf/sandbox';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { backUpAndDelete, deleteTasks, keyRecords, taskRecords } from './take-records.js';
import { headerOf, useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const IDS = [...RECORDING.unknownIds, ...RECORDING.queuedPending, ...RECORDING.overdueScheduled];
let before: string;

beforeEach(async () => {
  await loadRecording(emptied.client);
  before = await emptied.digest();
});

const linesOf = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n');

describe('a backup without its end', () => {
  test.each([0, 20])(
    '(%i bytes of its last line gone) is restored as far as it goes, and said to be incomplete',
    async (cut) => {
      const records = await taskRecords(emptied, IDS);
      const file = await emptied.backup(records);
      const lines = await linesOf(file);
      await writeFile(file, `${lines.slice(0, -1).join('\n')}\n`);
      if (cut > 0) await truncate(file, Buffer.byteLength(lines.slice(0, -1).join('\n')) - cut);
      // What was cut off was not deleted yet.
      await deleteTasks(emptied.client, cut > 0 ? IDS.slice(0, -1) : IDS);
      const { outcome, result } = await emptied.restore(file);
      expect([outcome, result.backup.complete]).toEqual(['repaired', false]);
      expect(await emptied.digest()).toBe(before);
    },
  );
});

describe('a file that is', () => {
  const header = () => ({ format: 'atf-backup', version: 1, ...headerOf(emptied.target) });

  test.each([
    ['empty', () => ''],
    ['text', () => 'hello\n'],
    ['of a version to come', () => `${JSON.stringify({ ...header(), version: 2 })}\n`],
    ['binary', () => '\0\xff'.repeat(100)],
  ])('%s is a usage error', async (_, content) => {
    const file = emptied.path();
    await writeFile(file, content());
    await expect(emptied.restore(file)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(file),
    });
  });

  test('missing, or a folder, is a usage error', async () => {
    await expect(emptied.restore(emptied.path())).rejects.toMatchObject({ code: 'USAGE', done: undefined });
    await expect(emptied.restore('/')).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('a backup that is damaged in its middle', () => {
  const damaged = async (at: number) => {
    const file = await backUpAndDelete(emptied, IDS);
    const lines = await linesOf(file);
    await writeFile(
      file,
      lines.map((line, i) => (i === at ? line.replace('"type"', '"tpye"') : line)).join('\n'),
    );
    return file;
  };

  test('is restored up to there, and the error says so', async () => {
    const file = await damaged(5);
    await expect(emptied.restore(file)).rejects.toMatchObject({
      code: 'USAGE',
      why: 'line 6 cannot be read',
      done: expect.stringContaining('4 tasks'),
    });
    expect(await emptied.client.exists(IDS.map(taskKey))).toBe(4);
    expect(await counterDifferences(emptied.client)).toEqual([]);
  });

  test('is told by a dry run that nothing was done', async () => {
    const file = await damaged(5);
    await expect(emptied.restore(file, { dryRun: true })).rejects.toMatchObject({
      code: 'USAGE',
      done: undefined,
    });
  });
});

describe('a run that was stopped', () => {
  test.each([1, 2, 5, 9, 10, 11])('after %i steps is made whole by another one', async (steps) => {
    const file = await backUpAndDelete(emptied, IDS);
    const stop = new AbortController();
    let seen = 0;
    const progress = () => {
      if (++seen === steps) stop.abort(new StoppedError('MAX_RUNTIME'));
    };
    await emptied.restore(file, { deps: { signal: stop.signal, progress } });
    await emptied.restore(file);
    expect(await emptied.digest()).toBe(before);
  });

  test('before its first step has done nothing', async () => {
    const file = await backUpAndDelete(emptied, IDS);
    const deleted = await emptied.digest();
    const signal = AbortSignal.abort(new StoppedError('SIGINT'));
    const { outcome, result } = await emptied.restore(file, { deps: { signal } });
    expect([outcome, result.records, await emptied.digest()]).toEqual(['stopped', 0, deleted]);
  });
});

test('a backup of another database is restored, with a warning', async () => {
  const file = await backUpAndDelete(emptied, IDS);
  const [header, ...rest] = await linesOf(file);
  await writeFile(
    file,
    [header!.replace('127.0.0.1', 'elsewhere').replace('7.0.15', '99.1.0'), ...rest].join('\n'),
  );
  const { outcome, result } = await emptied.restore(file);
  expect([outcome, result.sameTarget]).toEqual(['repaired', false]);
  expect(result.olderServer).toMatch(/^\d+\.\d+/);
});

test('what Redis refuses half-way is told with what was done by then', async () => {
  const file = await backUpAndDelete(emptied, IDS);
  const [record] = await keyRecords(emptied.target, [taskKey(RECORDING.stuckActive[0])]);
  const limited = await emptied.backup([...(await taskRecords(emptied, [])), record!]);
  await emptied.client.sendCommand(['CONFIG', 'SET', 'maxmemory', '1']);
  try {
    await emptied.client.sendCommand(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
    await expect(emptied.restore(file)).rejects.toMatchObject({ code: 'SERVER', done: undefined });
    expect((await emptied.restore(limited)).outcome).toBe('clean');
  } finally {
    await emptied.client.sendCommand(['CONFIG', 'SET', 'maxmemory', '0']);
  }
});

describe('an answer that is lost', () => {
  /** The target of a connection that breaks after the server has done a record. */
  function breaking(how: (broken: Redis) => void = () => {}): Target {
    const [client] = emptied.target.primaries;
    const broken = Object.create(client) as typeof client;
    broken.sendCommand = (async (...args: Parameters<typeof client.sendCommand>) => {
      const reply = await client.sendCommand(...args);
      if (args[0][3] === MAINTENANCE_LOCK_KEY) return reply; // taking and giving back the lock
      if (!args[0][0]!.toString().startsWith('EVAL')) return '';
      how(broken);
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    }) as typeof client.sendCommand;
    return { ...emptied.target, primaries: [broken] };
  }

  test('leaves open what was restored, and the error says so', async () => {
    const file = await backUpAndDelete(emptied, IDS);
    await emptied.restore(file);
    await deleteTasks(emptied.client, IDS); // the server knows the script by now
    await expect(emptied.restore(file, { deps: { target: breaking() } })).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      done: 'Up to 64 records may have been restored: run it again.',
    });
    expect(await emptied.client.exists(IDS.map(taskKey))).toBe(IDS.length);
  });

  test.each<[string, (broken: Redis, stop: AbortController) => void]>([
    ['was lost', (broken) => Object.defineProperty(broken, 'isReady', { value: false })],
    ['was cut by a stop', (_, stop) => stop.abort(new StoppedError('SIGTERM'))],
  ])('is told before the rest of the backup is read, where the connection %s', async (_, end) => {
    const [record] = await keyRecords(emptied.target, [taskKey(RECORDING.queuedPending[0])]);
    const file = await emptied.backup(Array(1_000).fill(record));
    const stop = new AbortController();
    const target = breaking((broken) => end(broken, stop));
    const parsed = jest.spyOn(JSON, 'parse');
    const run = emptied.restore(file, { deps: { target, signal: stop.signal } });
    await expect(run).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(parsed.mock.calls.length).toBeLessThan(500);
    parsed.mockRestore();
  });

  test('has changed nothing in a dry run', async () => {
    const file = await backUpAndDelete(emptied, IDS);
    await emptied.restore(file, { dryRun: true });
    const run = emptied.restore(file, { dryRun: true, deps: { target: breaking() } });
    await expect(run).rejects.toMatchObject({ code: 'CONNECTION_LOST', done: undefined });
  });
});

test('a record that Redis refuses does not keep the others from their queues', async () => {
  const [queued, ...others] = RECORDING.queuedPending;
  const file = await backUpAndDelete(emptied, RECORDING.queuedPending);
  const user = ['ACL', 'SETUSER', 'part', 'reset', 'on', '>pw', '+@all', '-@dangerous', '+restore', '+info'];
  const keys = [
    ...others.map(taskKey),
    ...others.map((id) => `dlq:task:${id}`),
    'metrics:*',
    'tasks:*',
    'dlq:tasks',
    MAINTENANCE_LOCK_KEY,
  ];
  await emptied.client.sendCommand([...user, ...keys.map((key) => `~${key}`)]);
  const url = emptied.redis.url.replace('redis://', 'redis://part:pw@');
  const target = await connectTarget(url, { name: 'part' });
  await expect(emptied.restore(file, { deps: { target } })).rejects.toMatchObject({
    code: 'NO_PERMISSION',
    done: expect.stringContaining(`at least ${others.length} tasks, ${others.length} queue entries`),
  });
  closeTarget(target);
  expect(await emptied.client.exists(taskKey(queued))).toBe(0);
  expect(await emptied.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(expect.arrayContaining([...others]));
  expect((await emptied.restore(file)).outcome).toBe('repaired');
  expect(await emptied.digest()).toBe(before);
});

test('what is put back beside a refused record keeps its order, so that the next run ends in the order of before', async () => {
  const ids = ['t1', 't2', 't3', 't4'];
  const stays = ['s0', 's1', 's2', 's3'];
  await emptied.client.flushDb();
  for (const id of [...ids, ...stays])
    await emptied.client.hSet(taskKey(id), { task_id: id, state: 'PENDING' });
  const order = ['s0', 't1', 's1', 't2', 's2', 't3', 's3', 't4'];
  await emptied.client.rPush(PRIMARY_QUEUE, order);
  const whole = await emptied.digest();
  const file = await backUpAndDelete(emptied, ids);
  // The second of four is refused, and what comes behind it may not be reached.
  const keys = ['t1', 't3', 't4'].flatMap((id) => [taskKey(id), `dlq:task:${id}`]);
  const rules = ['reset', 'on', '>pw', '+@all', '~metrics:*', '~tasks:*', ...keys.map((key) => `~${key}`)];
  await emptied.client.sendCommand(['ACL', 'SETUSER', 'part', ...rules]);
  const target = await connectTarget(emptied.redis.url.replace('redis://', 'redis://part:pw@'), {
    name: 'part',
  });
  await expect(emptied.restore(file, { deps: { target } })).rejects.toMatchObject({ code: 'NO_PERMISSION' });
  closeTarget(target);
  const halfway = await emptied.client.lRange(PRIMARY_QUEUE, 0, -1);
  expect(halfway).toEqual(order.filter((id) => halfway.includes(id)));
  expect((await emptied.restore(file)).outcome).toBe('repaired');
  expect(await emptied.digest()).toBe(whole);
});
