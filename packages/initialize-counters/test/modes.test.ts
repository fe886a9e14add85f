import { counterKey, STATES } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { beforeEach, describe, expect, test } from '@jest/globals';

const recorded = useRecording('initialize-counters');

beforeEach(async () => {
  await recorded.client.set(counterKey('ACTIVE'), '4');
});

const TO_DO = '1 counter and correct 1:\n   - ACTIVE: -1\n   - FAILED: 0\n';

describe.each([
  ['--dry-run', 0, `DRY RUN: Would create ${TO_DO}`],
  ['--check', 1, `❌ To create: ${TO_DO}`],
])('%s', (flag, exitCode, conclusion) => {
  test(`shows what there is to do, and exits ${exitCode}`, async () => {
    const { code, stdout, stderr } = await recorded.run(flag);
    expect([code, stderr]).toEqual([exitCode, '']);
    expect(stdout).toContain('   ACTIVE       4       3      -1\n');
    expect(stdout).toContain(`\n${conclusion}`);
  });

  test('writes nothing at all', async () => {
    const before = await recorded.digest();
    await recorded.run(flag);
    await recorded.client.del(STATES.map(counterKey));
    const withoutCounters = await recorded.digest();
    await recorded.run(flag);
    expect(await recorded.digest()).toBe(withoutCounters);
    expect(withoutCounters).not.toBe(before);
  });

  test('exits 0 once the counters are there', async () => {
    await recorded.run();
    const { code, stdout } = await recorded.run(flag);
    expect([code, stdout]).toEqual([0, expect.stringContaining('nothing to do')]);
  });
});

test('--quiet prints the report where counters were written, and nothing where there is nothing to do', async () => {
  expect((await recorded.run('--quiet')).stdout).toContain('✅ Counters initialized successfully!');
  expect(await recorded.run('--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
});
