import { type BinRun, counterKey, runBin, STATES } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { initializeCountersReportSchema } from '../src/index.js';

const recorded = useRecording('initialize-counters');

/** The document that is all of stdout. */
function documentOf({ stdout, stderr }: BinRun) {
  expect(stderr).toBe('');
  return initializeCountersReportSchema.parse(JSON.parse(stdout));
}

describe('--json prints one document, by its schema,', () => {
  test('where counters were created', async () => {
    await recorded.client.del(STATES.map(counterKey));
    const run = await recorded.run('--json');
    const { outcome, result } = documentOf(run);
    expect([run.code, outcome]).toEqual([0, 'repaired']);
    expect(result).toMatchObject({ totalTasks: 38, missing: 6, wrong: 0, written: 6, verified: true });
    expect(result?.counters.map(({ kind, old, new: tasks }) => [kind, old, tasks])).toEqual(
      [10, 3, 20, 0, 4, 1].map((tasks) => ['missing', null, tasks]),
    );
  });

  test('where there is nothing to do', async () => {
    await recorded.run();
    expect(documentOf(await recorded.run('--json'))).toMatchObject({
      mode: 'repair',
      outcome: 'clean',
      result: { missing: 0, wrong: 0, written: 0, verified: true },
    });
  });

  test('where a check found something', async () => {
    await recorded.client.set(counterKey('DLQ'), '9');
    const run = await recorded.run('--json', '--check');
    expect(documentOf(run)).toMatchObject({
      mode: 'check',
      outcome: 'found',
      result: { missing: 1, wrong: 1, written: 0, verified: false },
    });
    expect(run.code).toBe(1);
  });

  test('where a part could not be done', async () => {
    await recorded.client.del(counterKey('ACTIVE'));
    await recorded.client.rPush(counterKey('ACTIVE'), 'x');
    const run = await recorded.run('--json');
    expect(documentOf(run)).toMatchObject({
      outcome: 'partial',
      result: { missing: 1, wrong: 1, written: 1 },
    });
    expect(run.code).toBe(1);
  });

  test('of a failure, and of a usage error', async () => {
    const failed = await runBin('initialize-counters', ['--json', '--redis-url', 'redis://127.0.0.1:1']);
    expect(documentOf(failed)).toMatchObject({ outcome: 'failed', error: { code: 'UNREACHABLE' } });
    const misused = await runBin('initialize-counters', ['--json', '--force']);
    expect(documentOf(misused)).toMatchObject({ outcome: 'failed', error: { code: 'USAGE' } });
    expect([failed.code, misused.code]).toEqual([4, 2]);
  });
});
