import { counterKey, loadRecording, PRIMARY_QUEUE, RECORDING, runBin, taskKey } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const COUNTER = counterKey('PENDING');
let file: string;

/** What the API does for a new task. */
async function newTask(id: string): Promise<void> {
  await emptied.client
    .multi()
    .hSet(taskKey(id), { task_id: id, state: 'PENDING' })
    .lPush(PRIMARY_QUEUE, id)
    .incrBy(COUNTER, 1)
    .exec();
}

beforeEach(async () => {
  await loadRecording(emptied.client);
  file = emptied.path();
  const args = ['--redis-url', emptied.redis.url, '--confirm', '--force', '--backup', file];
  expect(await runBin('reset-redis', args)).toMatchObject({ code: 0 });
});

describe('a backup of a reset, while tasks came since', () => {
  test.each([false, true])('leaves the counters of now, and says so (--replace: %s)', async (replace) => {
    await newTask('new');
    const { outcome, result } = await emptied.restore(file, { replace });
    expect(outcome).toBe('partial');
    expect(result.problems).toContainEqual({ code: 'counter-differs', key: COUNTER, detail: null });
    expect(await emptied.client.get(COUNTER)).toBe('1');
    expect(await emptied.client.get(counterKey('COMPLETED'))).toBe(String(RECORDING.states.COMPLETED));
  });

  test('says that a counter which is the same by chance counts other tasks', async () => {
    for (let i = 0; i < RECORDING.states.PENDING; i++) await newTask(`new-${i}`);
    const { outcome, result } = await emptied.restore(file);
    expect(outcome).toBe('partial');
    expect(result.problems).toContainEqual({ code: 'counter-unsure', key: COUNTER, detail: null });
  });

  test.each([false, true])('puts its entries behind those of now (--replace: %s)', async (replace) => {
    await newTask('new');
    const { result } = await emptied.restore(file, { replace });
    expect(result.outcomes.entries.left).toBe(1); // names no task, and nobody knows whether it was taken since
    expect((await emptied.client.lRange(PRIMARY_QUEUE, 0, -1))[0]).toBe('new');
    expect(await emptied.client.lLen(PRIMARY_QUEUE)).toBe(RECORDING.queuedPending.length + 1);
  });

  test('is told as text with what to do', async () => {
    await newTask('new');
    const { code, stdout } = await runBin('restore-backup', [
      '--redis-url',
      emptied.redis.url,
      file,
      '--replace',
      '--yes',
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `   - ${COUNTER}: exists and holds something else; left alone, because it counts the tasks that exist now`,
    );
    expect(stdout).toContain('Run fix-counter-sync');
  });
});

test('a second run has nothing to say of counters', async () => {
  await emptied.restore(file);
  expect(await emptied.restore(file, { replace: true })).toMatchObject({
    outcome: 'clean',
    result: { problemCount: 0 },
  });
});
