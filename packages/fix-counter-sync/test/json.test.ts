import { type BinRun, counterKey, runBin, taskKey } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { fixCounterSyncReportSchema } from '../src/index.js';

const recorded = useRecording('fix-counter-sync');

/** The document that is all of stdout. */
function documentOf({ stdout, stderr }: BinRun) {
  expect(stderr).toBe('');
  return fixCounterSyncReportSchema.parse(JSON.parse(stdout));
}

describe('--json prints one document, by its schema,', () => {
  test('where all is well', async () => {
    const run = await recorded.run('--json');
    expect(documentOf(run)).toMatchObject({
      schemaVersion: 1,
      tool: 'fix-counter-sync',
      mode: 'repair',
      outcome: 'clean',
      stopReason: null,
      target: { host: '127.0.0.1', port: recorded.redis.port, database: 0, tls: false, user: null },
      result: { totalTasks: 38, discrepancies: 0, fixed: 0, verified: true },
      error: null,
    });
    expect(run.code).toBe(0);
  });

  test('where a check found something', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '4');
    const run = await recorded.run('--json', '--check');
    const { mode, outcome, result } = documentOf(run);
    expect([run.code, mode, outcome]).toEqual([1, 'check', 'found']);
    expect(result).toMatchObject({ discrepancies: 1, fixed: 0, verified: false });
    expect(result?.counters[1]).toEqual({
      state: 'ACTIVE',
      key: 'metrics:tasks:state:active',
      kind: 'integer',
      old: '4',
      new: 3,
      change: -1,
    });
  });

  test('where something was repaired', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '4');
    const run = await recorded.run('--json');
    expect(documentOf(run)).toMatchObject({
      outcome: 'repaired',
      result: { discrepancies: 1, fixed: 1, verified: true },
    });
    expect(run.code).toBe(0);
  });

  test('where a part could not be done', async () => {
    await recorded.client.del(counterKey('ACTIVE'));
    await recorded.client.rPush(counterKey('ACTIVE'), 'x');
    await recorded.client.set(counterKey('DLQ'), '9');
    const run = await recorded.run('--json');
    const { outcome, result } = documentOf(run);
    expect([run.code, outcome]).toEqual([1, 'partial']);
    expect(result).toMatchObject({ discrepancies: 2, fixed: 1 });
    expect(result?.counters[1]).toMatchObject({ kind: 'wrong-type', old: 'list', new: 3, change: null });
  });

  test('where Redis cannot be reached', async () => {
    const run = await runBin('fix-counter-sync', ['--json', 'redis://:geheim@127.0.0.1:1/0']);
    expect(documentOf(run)).toMatchObject({
      outcome: 'failed',
      result: null,
      error: { code: 'UNREACHABLE', message: 'cannot reach Redis at redis://127.0.0.1:1/0' },
    });
    expect([run.code, run.stdout.includes('geheim')]).toEqual([4, false]);
  });

  test('of a usage error', async () => {
    const run = await runBin('fix-counter-sync', ['--json', '--dryrun']);
    expect(documentOf(run)).toMatchObject({
      outcome: 'failed',
      target: null,
      error: { code: 'USAGE', message: 'Unknown argument: --dryrun; did you mean --dry-run?' },
    });
    expect(run.code).toBe(2);
  });

  test('of a refusal, where tasks change without their counters all the time', async () => {
    // One task less every 4 ms, and so many others that no two looks are that close together.
    const writing = Array.from({ length: 4_500 }, async (_, i) => {
      const key = taskKey(`t${i}`);
      await recorded.client.hSet(key, 'state', 'ACTIVE');
      if (i < 2_500) await recorded.client.pExpire(key, i * 4);
    });
    await Promise.all(writing);
    const run = await recorded.run('--json');
    expect(documentOf(run)).toMatchObject({
      outcome: 'refused',
      result: null,
      error: { code: 'UNSTABLE', done: null },
    });
    expect([run.code, await recorded.client.get(counterKey('ACTIVE'))]).toEqual([3, '3']);
  });
});

test('--json loses nothing of a key, and prints no control character of it', async () => {
  const key = 'task:\u001b[2J\u009b1m\u202e';
  await recorded.client.hSet(key, 'state', '\u0007GONE');
  const run = await recorded.run('--json');
  expect(run.stdout).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(documentOf(run).result?.oddKeys).toEqual({
    unknownState: 1,
    missingState: 0,
    notAHash: 0,
    keys: [{ key, observedState: 'unknown-state', label: '\u0007GONE' }],
  });
});

test('--json in a pipe is whole, however long it is', async () => {
  const names = Array.from({ length: 100 }, (_, i) => `task:${i}${'x'.repeat(900)}`);
  await recorded.client.mSet(Object.fromEntries(names.map((name) => [name, ''])));
  const run = await recorded.run('--json');
  expect(run.stdout.length).toBeGreaterThan(65_536);
  expect(documentOf(run).result?.oddKeys.keys).toHaveLength(100);
});
