import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BinRun,
  type FailoverPair,
  runBin,
  seedAsyncTaskFlow,
  startBin,
  startFailoverPair,
} from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { postponeRetries } from '../src/faulty-data.js';
import { isLong } from '../src/test-size.js';
import { nameOf, TOOLS, type ToolCase } from '../src/tools.js';

const UNCONFIRMED = '❌ No replica has confirmed the changes: a failover may lose them.';
const LOCK = 'atf:maintenance-lock';
/** The lock of a run that was cut off may remain for 30 s. The short run drops it. */
const WAIT = ['--wait', '1m'];

let pair: FailoverPair;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atf-failover-'));
  pair = await startFailoverPair();
});
afterEach(async () => {
  await pair.stop();
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, 'backup.ndjson');
/** A second run restores the same backup, or makes another one. */
const secondFile = ({ restores }: ToolCase) => (restores ? file() : join(folder, 'second.ndjson'));
/** A restored reset brings heartbeats back, which look like living workers to a second run. */
const forceOf = ({ restores }: ToolCase) => (restores?.tool === 'reset-redis' ? ['--force'] : []);
const run = (tool: string, args: readonly string[], url = pair.url) =>
  runBin(tool, [...args, '--redis-url', url]);

/** Makes what the tool repairs; a restore gets a backup to restore. */
async function prepare({ tool, check, repairs, restores }: ToolCase): Promise<void> {
  const faults = Object.fromEntries(
    (restores?.repairs ?? repairs).map((fault) => [fault, fault === 'counterDrift' ? { ACTIVE: 99 } : 3]),
  );
  const celeryMeta = { count: 300, withTtl: 100 };
  const seeded = await seedAsyncTaskFlow(pair.client, { tasks: 200, seed: 1, faults, celeryMeta });
  await postponeRetries(pair.client, seeded.faults.orphanedScheduled);
  if (restores)
    expect(await run(restores.tool, restores.repair(file()))).toMatchObject({ code: 0, stderr: '' });
  expect(await run(tool, check(file()))).toMatchObject({ code: 1 });
  await pair.synchronized();
}

/** All is done. The new primary may have no replica yet that could confirm it. */
function expectDone({ code, stdout, stderr }: BinRun): void {
  expect(stderr).toBe('');
  if (code !== 0) expect([code, stdout.split('\n')[0]]).toEqual([1, UNCONFIRMED]);
}

/** On the new primary: a second run completes the work, and then there is nothing to do and counters agree. */
async function expectComplete(toolCase: ToolCase): Promise<void> {
  const { tool, repair, check } = toolCase;
  if (!isLong) await (await pair.second.client()).del(LOCK);
  const again = await run(tool, [...repair(secondFile(toolCase)), ...WAIT, ...forceOf(toolCase)]);
  expectDone(again);
  expect(await run(tool, check(file()))).toMatchObject({ code: 0 });
  expect(await run('fix-counter-sync', ['--check'])).toMatchObject({ code: 0 });
}

/** What a run said to be done and confirmed is on the new primary: there is nothing left to do. */
async function expectKept({ tool, check }: ToolCase, { code, stdout }: BinRun): Promise<void> {
  expect([0, 1, 4]).toContain(code);
  if (code === 0) expect(await run(tool, check(file()))).toMatchObject({ code: 0 });
  if (code === 1) expect(stdout).toContain(UNCONFIRMED);
}

/** Runs a tool, and lets something happen as soon as it holds the lock. */
async function runWhile({ tool, repair }: ToolCase, happens: () => Promise<void>): Promise<BinRun> {
  const started = startBin(tool, [...repair(file()), '--redis-url', pair.url]);
  let hasEnded = false;
  void started.ended.then(() => {
    hasEnded = true;
  });
  await until(async () => hasEnded || (await pair.client.exists(LOCK)) === 1);
  await happens();
  return await started.ended;
}

/** The short run takes the first way of each tool. */
const CASES = TOOLS.filter(
  (toolCase, i) => isLong || TOOLS.findIndex(({ tool }) => tool === toolCase.tool) === i,
);
const named = (cases: readonly ToolCase[]) => cases.map((toolCase) => [nameOf(toolCase), toolCase] as const);
const all = named(CASES);
/** The short run tries the rarer moments with the smallest tool alone. */
const some = isLong ? all : all.filter(([name]) => name === 'cleanup-celery-meta');

describe('through a Sentinel, a tool that writes', () => {
  test.each(some)('%s works on the new primary after a planned failover', async (_, toolCase) => {
    await prepare(toolCase);
    await pair.failOver();
    expectDone(await run(toolCase.tool, toolCase.repair(file())));
    await expectComplete(toolCase);
  });

  test.each(all)(
    '%s loses nothing that it reported in a planned failover after its run',
    async (_, toolCase) => {
      await prepare(toolCase);
      const done = await run(toolCase.tool, toolCase.repair(file()));
      expect([done.code, done.stderr]).toEqual([0, '']);
      await pair.failOver();
      expect(await run(toolCase.tool, toolCase.check(file()))).toMatchObject({ code: 0 });
      expect(await run('fix-counter-sync', ['--check'])).toMatchObject({ code: 0 });
    },
  );

  test.each(some)('%s says what it did in a planned failover during its run', async (_, toolCase) => {
    await prepare(toolCase);
    await expectKept(toolCase, await runWhile(toolCase, () => pair.failOver()));
    await expectComplete(toolCase);
  });

  test.each(some)('%s says what it did if the primary is killed during its run', async (_, toolCase) => {
    await prepare(toolCase);
    await expectKept(toolCase, await runWhile(toolCase, () => pair.killPrimary()));
    await expectComplete(toolCase);
  });

  test.each(some)('%s needs no confirmation if it changes nothing', async (_, toolCase) => {
    await prepare(toolCase);
    await run(toolCase.tool, toolCase.repair(file()));
    await pair.second.kill();
    const force = forceOf(toolCase);
    const again = await run(toolCase.tool, [...toolCase.repair(secondFile(toolCase)), ...force]);
    expect([again.code, again.stderr, again.stdout]).toEqual([
      0,
      '',
      expect.not.stringContaining(UNCONFIRMED),
    ]);
  });

  test('that still finds the old primary says that no replica has confirmed its work', async () => {
    const [toolCase] = CASES.filter(({ tool }) => tool === 'fix-counter-sync');
    await prepare(toolCase!);
    await pair.failOver();
    const { code, stdout } = await run('fix-counter-sync', [], pair.first.url);
    if (code === 4) return; // the Sentinel has made it a replica by now
    expect([code, stdout.split('\n')[0]]).toEqual([1, UNCONFIRMED]);
  });
});
