import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BinRun,
  counterKey,
  type RunBinOptions,
  seedAsyncTaskFlow,
  startBin,
  startRedis,
} from '@atf/sandbox';
import { useRedis } from '@atf/sandbox/jest';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { fixCounterSyncReportSchema } from '../src/index.js';

const TASKS = 100_000;

const bench = useRedis();
let writesBefore: number;

beforeAll(async () => {
  await seedAsyncTaskFlow(bench.client, { tasks: TASKS, seed: 1 });
  await bench.client.set(counterKey('ACTIVE'), '0');
  writesBefore = await writes();
});

/** How many changes the server has made to its data. */
async function writes(): Promise<number> {
  return Number(/rdb_changes_since_last_save:(\d+)/.exec(await bench.client.info('persistence'))![1]);
}

/** Starts the tool, and waits until it is in the midst of its work. */
async function startWorking(args: string[] = [], options: RunBinOptions = {}) {
  const started = startBin('fix-counter-sync', ['--redis-url', bench.redis.url, ...args], options);
  const isWorking = async () =>
    / name=atf:fix-counter-sync .* cmd=evalsha_ro /.test(
      String(await bench.client.sendCommand(['CLIENT', 'LIST'])),
    );
  while (!(await isWorking())) await sleep(2);
  return started;
}

/** Sends a signal; gives how it ended, and how many seconds later. */
async function signalled(
  { child, ended }: ReturnType<typeof startBin>,
  signal: NodeJS.Signals,
): Promise<[BinRun, number]> {
  const sentAt = performance.now();
  child.kill(signal);
  return [await ended, (performance.now() - sentAt) / 1000];
}

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, exitCode) => {
  test(`in the midst of the work ends it within a second, exit ${exitCode}, nothing written`, async () => {
    const [{ code, stdout, stderr }, seconds] = await signalled(await startWorking(), signal);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toBe(
      `❌ fix-counter-sync: stopped by ${signal} (${bench.redis.url})\n   Nothing was changed.\n`,
    );
    expect(seconds).toBeLessThan(1);
    expect(await writes()).toBe(writesBefore);
  });

  test('is in the document of --json', async () => {
    const [{ code, stdout }] = await signalled(await startWorking(['--json']), signal);
    expect(code).toBe(exitCode);
    expect(fixCounterSyncReportSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'stopped',
      stopReason: signal,
      error: { code: 'STOPPED', done: null },
    });
  });

  test('ends it within a second where the server does not answer, too', async () => {
    const started = await startWorking();
    await bench.client.sendCommand(['CLIENT', 'PAUSE', '2000', 'ALL']);
    const [{ code }, seconds] = await signalled(started, signal);
    expect([code, seconds < 1]).toEqual([exitCode, true]);
    expect(await writes()).toBe(writesBefore);
  });
});

describe('--max-runtime', () => {
  test('stops the work between two batches, exit 1, nothing written', async () => {
    const { ended } = await startWorking(['--max-runtime', '1s']);
    await bench.client.sendCommand(['CLIENT', 'PAUSE', '1500', 'ALL']);
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `❌ fix-counter-sync: the time of --max-runtime is up (${bench.redis.url})\n   Nothing was changed.\n`,
    );
    expect(await writes()).toBe(writesBefore);
  });

  test('that is long enough changes nothing', async () => {
    const { ended } = startBin('fix-counter-sync', [bench.redis.url, '--check', '--max-runtime', '1h']);
    const { code, stdout, seconds } = await ended;
    expect([code, stdout]).toEqual([1, expect.stringContaining(`Total tasks found: ${TASKS}\n`)]);
    expect(seconds).toBeLessThan(30);
  });
});

test('where Redis dies in the midst of the work, it says so at once, exit 4', async () => {
  const doomed = await startRedis();
  const doomedClient = await doomed.client();
  await seedAsyncTaskFlow(doomedClient, { tasks: 50_000, seed: 2 });
  const { ended } = startBin('fix-counter-sync', [doomed.url]);
  const calls = async () =>
    /cmdstat_evalsha_ro:calls=(\d+)/.exec(await doomedClient.info('commandstats'))?.[1] ?? 0;
  while (Number(await calls()) < 5) await sleep(2);
  const diedAt = performance.now();
  await doomed.kill();
  const { code, stdout, stderr } = await ended;
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr).toBe(
    `❌ fix-counter-sync: lost the connection to Redis at ${doomed.url}\n` +
      '   Why: the connection was lost\n' +
      '   Nothing was changed. Check that Redis runs, then run it again.\n',
  );
  expect(performance.now() - diedAt).toBeLessThan(2_000);
});
