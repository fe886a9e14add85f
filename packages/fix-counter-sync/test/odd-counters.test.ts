import { counterDifferences, counterKey, STATES, type State } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';

const recorded = useRecording('fix-counter-sync');

const set = (counters: Partial<Record<State, string>>) =>
  recorded.client.mSet(
    Object.entries(counters).map(([state, value]): [string, string] => [counterKey(state as State), value]),
  );

describe('counters that are not right', () => {
  test('whatever they hold are shown as they are, and repaired', async () => {
    await set({ PENDING: '-3', ACTIVE: 'abc', COMPLETED: '', SCHEDULED: ' 4', DLQ: '9223372036854775808' });
    await recorded.client.del(counterKey('FAILED'));
    await recorded.client.hSet('task:failed', 'state', 'FAILED');
    const { code, stdout, stderr } = await recorded.run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`
   State        Old                 New    Change
   ------------ ------------------- ------ --------
   PENDING      -3                  10     +13
   ACTIVE       abc                 3      reset
   COMPLETED    ""                  20     reset
   FAILED       missing             1      +1
   SCHEDULED     4                  4      reset
   DLQ          9223372036854775808 1      reset

✅ Fixed 6 counter discrepancies:
   - PENDING: +13
   - ACTIVE: "abc" -> 3
   - COMPLETED: "" -> 20
   - FAILED: +1
   - SCHEDULED: " 4" -> 4
   - DLQ: "9223372036854775808" -> 1
`);
    expect(await counterDifferences(recorded.client)).toEqual([]);
    expect((await recorded.run()).stdout).toContain('All counters were already synchronized!');
  });

  test('are repaired at the limits of 64 bits, of what a double holds, and in spellings that Redis cannot add to', async () => {
    await set({
      PENDING: '9223372036854775807',
      ACTIVE: '-9223372036854775808',
      COMPLETED: '100000000000000000',
      FAILED: '-99999999999999999',
      SCHEDULED: '007',
      DLQ: '+1',
    });
    expect(await recorded.run('--quiet')).toMatchObject({ code: 0, stderr: '' });
    expect(await counterDifferences(recorded.client)).toEqual([]);
  });

  test('of 18 characters change by the exact amount; longer ones are no counters and are replaced', async () => {
    await set({ ACTIVE: '999999999999999999', DLQ: '-9223372036854775807' });
    const { stdout } = await recorded.run();
    expect(stdout).toContain('   - ACTIVE: -999999999999999996\n   - DLQ: "-9223372036854775807" -> 1\n');
    expect(await counterDifferences(recorded.client)).toEqual([]);
  });

  test('keep their expiry, if somebody gave them one', async () => {
    await set({ ACTIVE: '7' });
    await recorded.client.expire(counterKey('ACTIVE'), 1_000);
    await recorded.run();
    expect(await recorded.client.ttl(counterKey('ACTIVE'))).toBeGreaterThan(900);
  });

  test('bring no control characters to the terminal', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '\u001b]0;owned\u0007\u009b2J\r\n');
    const { stdout } = await recorded.run();
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(stdout).toContain('✅ Fixed 1 counter discrepancies:\n   - ACTIVE: "�]0;owned��2J��" -> 3\n');
  });

  test('are missing altogether: none is created, and the way to create them is named', async () => {
    await recorded.client.del(STATES.map(counterKey));
    const before = await recorded.digest();
    const { code, stdout } = await recorded.run();
    expect([code, stdout]).toEqual([0, expect.stringContaining('run initialize-counters.\n')]);
    expect((await recorded.run('--check', '--quiet')).code).toBe(0);
    expect(await recorded.digest()).toBe(before);
  });
});

describe('a key that is no counter', () => {
  const LEFT_ALONE = '⚠️  Left alone: metrics:tasks:state:active is a list, no counter. ';

  test('is left alone and named, the others are repaired, and the exit code is 1', async () => {
    await recorded.client.del(counterKey('ACTIVE'));
    await recorded.client.rPush(counterKey('ACTIVE'), ['somebody', 'else']);
    await set({ DLQ: '5' });
    const { code, stdout } = await recorded.run();
    expect(code).toBe(1);
    expect(stdout).toContain('   ACTIVE       (list) 3      -\n');
    expect(stdout).toContain(LEFT_ALONE);
    expect(stdout).toMatch(/✅ Fixed 1 counter discrepancies:\n {3}- DLQ: -4\n$/);
    expect(await recorded.client.lRange(counterKey('ACTIVE'), 0, -1)).toEqual(['somebody', 'else']);
    expect(await recorded.client.get(counterKey('DLQ'))).toBe('1');
  });

  test('is named where nothing else is wrong', async () => {
    await recorded.client.del(counterKey('ACTIVE'));
    await recorded.client.rPush(counterKey('ACTIVE'), 'x');
    for (const mode of [[], ['--check'], ['--quiet']]) {
      const { code, stdout } = await recorded.run(...mode);
      expect([mode, code, stdout]).toEqual([mode, 1, expect.stringContaining(LEFT_ALONE)]);
      expect(stdout).not.toMatch(/Fixed.*discrepancies/);
    }
  });
});
