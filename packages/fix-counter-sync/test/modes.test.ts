import { counterKey } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { beforeEach, describe, expect, test } from '@jest/globals';

const recorded = useRecording('fix-counter-sync');

beforeEach(async () => {
  await recorded.client.set(counterKey('ACTIVE'), '4');
});

describe.each([
  ['--dry-run', 0, 'DRY RUN: Would fix 1 counter discrepancies:\n   - ACTIVE: -1\n'],
  ['--check', 1, '❌ Found 1 counter discrepancies:\n   - ACTIVE: -1\n'],
])('%s', (flag, exitCode, conclusion) => {
  test(`shows what is wrong, and exits ${exitCode}`, async () => {
    const { code, stdout, stderr } = await recorded.run(flag);
    expect([code, stderr]).toEqual([exitCode, '']);
    expect(stdout).toContain('   ACTIVE       4      3      -1\n');
    expect(stdout).toContain(`\n${conclusion}`);
  });

  test('writes nothing at all', async () => {
    const before = await recorded.digest();
    await recorded.run(flag);
    expect(await recorded.digest()).toBe(before);
  });

  test('writes nothing if a counter is missing, either', async () => {
    await recorded.client.del(counterKey('COMPLETED'));
    const before = await recorded.digest();
    expect((await recorded.run(flag)).stdout).toContain('   COMPLETED    missing 20     +20\n');
    expect(await recorded.digest()).toBe(before);
  });

  test('exits 0 after the repair', async () => {
    await recorded.run();
    const { code, stdout } = await recorded.run(flag);
    expect([code, stdout]).toEqual([0, expect.stringContaining('All counters were already synchronized!')]);
  });

  test('finds what the repair then fixes', async () => {
    await recorded.client.set(counterKey('DLQ'), 'abc');
    const changes = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('   - '));
    const shown = changes((await recorded.run(flag)).stdout);
    expect(shown).toHaveLength(2);
    expect(changes((await recorded.run()).stdout)).toEqual(shown);
  });
});

describe('--quiet', () => {
  test('prints the report where something was repaired, and nothing where all is well', async () => {
    expect((await recorded.run('--quiet')).stdout).toContain('✅ Fixed 1 counter discrepancies:');
    expect(await recorded.run('--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('with --check prints the report where something is wrong, else nothing', async () => {
    const check = () => recorded.run('--quiet', '--check');
    expect(await check()).toMatchObject({ code: 1, stdout: expect.stringContaining('❌ Found 1 ') });
    await recorded.run();
    expect(await check()).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});
