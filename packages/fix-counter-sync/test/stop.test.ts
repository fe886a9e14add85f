import {
  counterKey,
  type Moment,
  runBinUntil,
  type StartedBin,
  seedAsyncTaskFlow,
  startBin,
  startProxy,
  startRedis,
  type Treatment,
} from '@atf/sandbox';
import { useRedis } from '@atf/sandbox/jest';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { fixCounterSyncReportSchema } from '../src/index.js';

const TASKS = 20_000;

const fixture = useRedis();
let writesBefore: number;

beforeAll(async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: TASKS, seed: 1 });
  await fixture.client.set(counterKey('ACTIVE'), '0');
  writesBefore = await writes();
});

/** How many changes the server has made to its data. */
async function writes(): Promise<number> {
  return Number(/rdb_changes_since_last_save:(\d+)/.exec(await fixture.client.info('persistence'))![1]);
}

/** Runs the tool. In the midst of its work `act` is called, and decides what becomes of the call. */
const runAnd = (act: Moment['act'], args: string[] = [], { url } = fixture.redis) =>
  runBinUntil(
    'fix-counter-sync',
    { url, command: 'EVALSHA_RO', number: 5, act },
    { args: [...args, '--pace', 'full'] },
  );

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s', (signal, exitCode) => {
  const sending =
    (treatment: Treatment) =>
    ({ child }: StartedBin) => {
      child.kill(signal);
      return treatment;
    };

  test(`in the midst of the work ends it, exit ${exitCode}, nothing written`, async () => {
    const { code, stdout, stderr, url } = await runAnd(sending('pass'));
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toBe(`❌ fix-counter-sync: stopped by ${signal} (${url})\n   Nothing was changed.\n`);
    expect(await writes()).toBe(writesBefore);
  });

  test('is in the document of --json', async () => {
    const { code, stdout } = await runAnd(sending('pass'), ['--json']);
    expect(code).toBe(exitCode);
    expect(fixCounterSyncReportSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'stopped',
      stopReason: signal,
      error: { code: 'STOPPED', done: null },
    });
  });

  test('ends it where the server does not answer, too', async () => {
    const { code } = await runAnd(sending('stall'));
    expect(code).toBe(exitCode);
    expect(await writes()).toBe(writesBefore);
  });
});

describe('--max-runtime', () => {
  test('stops the work between two batches, exit 1, nothing written', async () => {
    // The tool's time begins before its first call: it is up before that is answered.
    const treatment = { delayMs: 1_200 };
    const proxy = await startProxy(fixture.redis.url, {
      treat: (_, [command]) => (command === 'EVALSHA_RO' ? treatment : 'pass'),
    });
    const args = ['--redis-url', proxy.url, '--max-runtime', '1s'];
    const { code, stdout, stderr } = await startBin('fix-counter-sync', args).ended;
    await proxy.stop();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `❌ fix-counter-sync: the time of --max-runtime is up (${proxy.url})\n   Nothing was changed.\n`,
    );
    expect(await writes()).toBe(writesBefore);
  });

  test('that is long enough changes nothing', async () => {
    const { ended } = startBin('fix-counter-sync', [fixture.redis.url, '--check', '--max-runtime', '1h']);
    const { code, stdout } = await ended;
    expect([code, stdout]).toEqual([1, expect.stringContaining(`Total tasks found: ${TASKS}\n`)]);
  });
});

test('where Redis dies in the midst of the work, it says so, exit 4', async () => {
  const doomed = await startRedis();
  await seedAsyncTaskFlow(await doomed.client(), { tasks: TASKS, seed: 2 });
  const dies = () => doomed.kill().then(() => 'pass' as const);
  const { code, stdout, stderr, url } = await runAnd(dies, [], doomed);
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr).toBe(
    `❌ fix-counter-sync: lost the connection to Redis at ${url}\n` +
      '   Why: the connection was lost\n' +
      '   Nothing was changed. Check that Redis runs, then run it again with --wait 1m: after a failover the lock of this run may remain for up to 30 s.\n',
  );
});
