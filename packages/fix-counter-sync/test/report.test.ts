import { counterKey, RECORDING, readCounters, runBin, taskKey } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';

const recorded = useRecording('fix-counter-sync');

const ONE_DRIFT = `🔍 Analyzing Redis task state counters...

📊 Analysis Results:
   Total tasks found: 38

📈 Counter Values:
   State        Old    New    Change
   ------------ ------ ------ --------
   PENDING      10     10     0
   ACTIVE       4      3      -1
   COMPLETED    20     20     0
   FAILED       0      0      0
   SCHEDULED    4      4      0
   DLQ          1      1      0

✅ Fixed 1 counter discrepancies:
   - ACTIVE: -1
`;

describe('with the counter of ACTIVE at 4 and 3 active tasks', () => {
  test('the report is the table that operators know', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '4');
    expect(await recorded.run()).toMatchObject({ code: 0, stdout: ONE_DRIFT, stderr: '' });
  });

  test('the counters are then right, and the missing one is not created', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '4');
    await recorded.run();
    expect(await readCounters(recorded.client)).toEqual(RECORDING.counters);
  });

  test('a second run finds nothing', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '4');
    await recorded.run();
    const second = await recorded.run();
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('   ACTIVE       3      3      0\n');
    expect(second.stdout).toContain('\n\n✅ All counters were already synchronized!\n');
  });
});

test('the example of the old README comes out to the letter', async () => {
  await recorded.client.flushDb();
  for (let i = 0; i < 28; i++) await recorded.client.hSet(taskKey(`t${i}`), 'state', 'COMPLETED');
  await recorded.client.mSet({ [counterKey('ACTIVE')]: '1', [counterKey('COMPLETED')]: '28' });
  expect((await recorded.run()).stdout).toBe(`🔍 Analyzing Redis task state counters...

📊 Analysis Results:
   Total tasks found: 28

📈 Counter Values:
   State        Old    New    Change
   ------------ ------ ------ --------
   PENDING      0      0      0
   ACTIVE       1      0      -1
   COMPLETED    28     28     0
   FAILED       0      0      0
   SCHEDULED    0      0      0
   DLQ          0      0      0

✅ Fixed 1 counter discrepancies:
   - ACTIVE: -1
`);
});

test('every drift is listed, in the order of the states', async () => {
  await recorded.client.mSet({
    [counterKey('DLQ')]: '0',
    [counterKey('PENDING')]: '-2',
    [counterKey('FAILED')]: '7',
  });
  expect((await recorded.run()).stdout).toMatch(
    /✅ Fixed 3 counter discrepancies:\n {3}- PENDING: \+12\n {3}- FAILED: -7\n {3}- DLQ: \+1\n$/,
  );
});

test('an empty database is in order', async () => {
  await recorded.client.flushDb();
  const { code, stdout } = await recorded.run();
  expect(code).toBe(0);
  expect(stdout).toContain('Total tasks found: 0\n');
  expect(stdout).toContain('All counters were already synchronized!');
  expect(await recorded.client.dbSize()).toBe(0);
});

describe('the target', () => {
  test('may be the one argument', async () => {
    const { code, stdout } = await runBin('fix-counter-sync', [recorded.redis.url]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Total tasks found: 38\n')]);
  });

  test('may be in REDIS_URL', async () => {
    const { code, stdout } = await runBin('fix-counter-sync', [], { env: { REDIS_URL: recorded.redis.url } });
    expect([code, stdout]).toEqual([0, expect.stringContaining('Total tasks found: 38\n')]);
  });

  test('of a flag comes before that of REDIS_URL', async () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:1/0' };
    expect(await runBin('fix-counter-sync', ['--redis-url', recorded.redis.url], { env })).toMatchObject({
      code: 0,
    });
  });

  test('is one database, and the others stay as they are', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '4');
    const other = recorded.redis.url.replace(/0$/, '5');
    expect((await runBin('fix-counter-sync', [other])).stdout).toContain('Total tasks found: 0\n');
    expect(await recorded.client.get(counterKey('ACTIVE'))).toBe('4');
  });
});
