import { execFileSync } from 'node:child_process';
import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { MAINTENANCE_LOCK_KEY, type Redis, StoppedError, type Target } from '@atf/core';
import { counterDifferences, RECORDING, taskKey } from '@atf/sandbox';
import { describe, expect, jest, test } from '@jest/globals';
import { backUpAndDelete, deleteTasks, keyRecords, taskRecords } from './take-records.js';
import { useRecorded } from './use-emptied.js';

const recorded = useRecorded();
const IDS = [...RECORDING.unknownIds, ...RECORDING.queuedPending, ...RECORDING.overdueScheduled];

const linesOf = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n');

describe('a backup without its end', () => {
  test.each([0, 20])(
    '(%i bytes of its last line gone) is restored as far as it goes, and said to be incomplete',
    async (cut) => {
      const records = await taskRecords(recorded, IDS);
      const file = await recorded.backup(records);
      const lines = await linesOf(file);
      await writeFile(file, `${lines.slice(0, -1).join('\n')}\n`);
      if (cut > 0) await truncate(file, Buffer.byteLength(lines.slice(0, -1).join('\n')) - cut);
      // What was cut off was not deleted yet.
      await deleteTasks(recorded.client, cut > 0 ? IDS.slice(0, -1) : IDS);
      const { outcome, result } = await recorded.restore(file);
      expect([outcome, result.backup.complete]).toEqual(['partial', false]);
      expect(await recorded.digest()).toBe(recorded.before);
    },
  );
});

test('a file that is missing, a folder or no backup is a usage error', async () => {
  const file = recorded.path();
  await expect(recorded.restore(file)).rejects.toMatchObject({ code: 'USAGE', done: undefined });
  await expect(recorded.restore('/')).rejects.toMatchObject({ code: 'USAGE' });
  await writeFile(file, 'hello\n');
  await expect(recorded.restore(file)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(file),
  });
});

describe('a damaged backup', () => {
  /** With a letter of its sixth line changed. */
  const damaged = async () => {
    const file = await backUpAndDelete(recorded, IDS);
    const lines = await linesOf(file);
    await writeFile(file, lines.map((line, i) => (i === 5 ? line.replace('key', 'kex') : line)).join('\n'));
    return file;
  };
  const ERROR = { code: 'USAGE', why: 'line 6 is damaged: its checksum is wrong' };

  test.each([true, false])('is refused before anything is written (dry run: %s)', async (dryRun) => {
    const file = await damaged();
    const deleted = await recorded.digest();
    await expect(recorded.restore(file, { dryRun })).rejects.toMatchObject({ ...ERROR, done: undefined });
    expect(await recorded.digest()).toBe(deleted);
  });

  test('that comes through a pipe is restored up to there, and the error says so', async () => {
    const content = await readFile(await damaged());
    const pipe = recorded.path();
    execFileSync('mkfifo', [pipe]);
    const writer = await open(pipe, 'r+'); // of both ends, so that neither waits for the other
    const run = recorded.restore(pipe);
    await writer.write(content);
    await expect(run).rejects.toMatchObject({
      ...ERROR,
      done: { action: 'restored', counts: expect.objectContaining({ tasks: 4 }), unconfirmed: 0 },
    });
    await writer.close();
    expect(await recorded.client.exists(IDS.map(taskKey))).toBe(4);
    expect(await counterDifferences(recorded.client)).toEqual([]);
  });
});

describe('a run that was stopped', () => {
  test.each([1, 2, 5, 9, 10, 11])('after %i steps is made whole by another one', async (steps) => {
    const file = await backUpAndDelete(recorded, IDS);
    const stop = new AbortController();
    let seen = 0;
    const progress = () => {
      if (++seen === steps) stop.abort(new StoppedError('MAX_RUNTIME'));
    };
    await recorded.restore(file, { deps: { signal: stop.signal, progress } });
    await recorded.restore(file);
    expect(await recorded.digest()).toBe(recorded.before);
  });

  test('before its first step has done nothing', async () => {
    const file = await backUpAndDelete(recorded, IDS);
    const deleted = await recorded.digest();
    const signal = AbortSignal.abort(new StoppedError('SIGINT'));
    await expect(recorded.restore(file, { deps: { signal } })).rejects.toMatchObject({ code: 'STOPPED' });
    expect(await recorded.digest()).toBe(deleted);
  });
});

test('a backup of another database is restored, with a warning', async () => {
  const records = await taskRecords(recorded, IDS);
  const file = await recorded.backup(records, { target: 'redis://elsewhere:6379/0' });
  await deleteTasks(recorded.client, IDS);
  const { outcome, result } = await recorded.restore(file);
  expect([outcome, result.sameTarget]).toEqual(['repaired', false]);
});

describe('an answer that is lost', () => {
  /** The target of a connection that breaks after the server has done a record. */
  function breaking(how: (broken: Redis) => void = () => {}): Target {
    const { client } = recorded.target;
    const broken = Object.create(client) as typeof client;
    broken.sendCommand = (async (...args: Parameters<typeof client.sendCommand>) => {
      const reply = await client.sendCommand(...args);
      if (args[0][3] === MAINTENANCE_LOCK_KEY) return reply; // taking and giving back the lock
      if (!args[0][0]!.toString().startsWith('EVAL')) return '';
      how(broken);
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    }) as typeof client.sendCommand;
    return { ...recorded.target, client: broken };
  }

  test('leaves open what was restored, and the error says so', async () => {
    const file = await backUpAndDelete(recorded, IDS);
    await recorded.restore(file);
    await deleteTasks(recorded.client, IDS); // the server knows the script by now
    await expect(recorded.restore(file, { deps: { target: breaking() } })).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      done: {
        action: 'restored',
        counts: expect.objectContaining({ tasks: 0 }),
        unconfirmed: IDS.length + 4,
      }, // tasks, and members of the sorted set
    });
    expect(await recorded.client.exists(IDS.map(taskKey))).toBe(IDS.length);
  });

  test.each<[string, (broken: Redis, stop: AbortController) => void]>([
    ['was lost', (broken) => Object.defineProperty(broken, 'isReady', { value: false })],
    ['was cut by a stop', (_, stop) => stop.abort(new StoppedError('SIGTERM'))],
  ])('is told before the rest of the backup is read, where the connection %s', async (_, end) => {
    const [record] = await keyRecords(recorded.target, [taskKey(RECORDING.queuedPending[0])]);
    const file = await recorded.backup(Array(1_000).fill(record));
    const stop = new AbortController();
    const target = breaking((broken) => end(broken, stop));
    const parsed = jest.spyOn(JSON, 'parse');
    const run = recorded.restore(file, { deps: { target, signal: stop.signal } });
    await expect(run).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(parsed.mock.calls.length).toBeLessThan(1_500); // the first pass reads all 1,000
    parsed.mockRestore();
  });

  test('has changed nothing in a dry run', async () => {
    const file = await backUpAndDelete(recorded, IDS);
    await recorded.restore(file, { dryRun: true });
    const run = recorded.restore(file, { dryRun: true, deps: { target: breaking() } });
    await expect(run).rejects.toMatchObject({ code: 'CONNECTION_LOST', done: undefined });
  });
});
