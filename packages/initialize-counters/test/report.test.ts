import { counterDifferences, counterKey, RECORDING, readCounters, STATES, taskKey } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { beforeEach, describe, expect, test } from '@jest/globals';

const recorded = useRecording('initialize-counters');

const removeCounters = () => recorded.client.del(STATES.map(counterKey));

describe('where no counter exists', () => {
  beforeEach(removeCounters);

  test('all six are created, those of states without tasks too, and verified', async () => {
    const { code, stdout, stderr } = await recorded.run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`🔍 Scanning existing tasks to initialize counters...

📊 Found 38 total tasks

📈 Counter Values:
   State        Old     New    Change
   ------------ ------- ------ --------
   PENDING      missing 10     +10
   ACTIVE       missing 3      +3
   COMPLETED    missing 20     +20
   FAILED       missing 0      0
   SCHEDULED    missing 4      +4
   DLQ          missing 1      +1

✅ Counters initialized successfully!
   Created: 6, corrected: 0, already right: 0

✅ Verified: the counters equal the tasks
`);
    expect(await readCounters(recorded.client)).toEqual({ ...RECORDING.counters, FAILED: '0' });
  });

  test('a second run has nothing to do', async () => {
    await recorded.run();
    const { code, stdout } = await recorded.run();
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/\n✅ All six counters exist and equal the tasks: nothing to do\n$/),
    ]);
  });

  test('and no task either, all six are 0', async () => {
    await recorded.client.flushDb();
    expect((await recorded.run()).stdout).toContain('   Created: 6, corrected: 0, already right: 0\n');
    expect(Object.values(await readCounters(recorded.client))).toEqual(['0', '0', '0', '0', '0', '0']);
    expect(await recorded.client.dbSize()).toBe(6);
  });
});

describe('where counters exist', () => {
  test('they are shown with their old values; wrong ones are corrected, right ones left, missing ones created', async () => {
    await recorded.client.mSet({
      [counterKey('ACTIVE')]: '7',
      [counterKey('DLQ')]: 'abc',
      [counterKey('PENDING')]: '-1',
    });
    const { code, stdout } = await recorded.run();
    expect(code).toBe(0);
    expect(stdout).toContain(`
   PENDING      -1      10     +11
   ACTIVE       7       3      -4
   COMPLETED    20      20     0
   FAILED       missing 0      0
   SCHEDULED    4       4      0
   DLQ          abc     1      reset

✅ Counters initialized successfully!
   Created: 1, corrected: 3, already right: 2

✅ Verified: the counters equal the tasks
`);
    expect(await counterDifferences(recorded.client)).toEqual([]);
  });

  test('a key that is no counter is left alone and named, and the exit code is 1', async () => {
    await recorded.client.del(counterKey('ACTIVE'));
    await recorded.client.rPush(counterKey('ACTIVE'), 'x');
    const { code, stdout } = await recorded.run();
    expect(code).toBe(1);
    expect(stdout).toContain('⚠️  Left alone: metrics:tasks:state:active is a list, no counter. ');
    expect(stdout).toContain(
      '✅ Counters initialized, but for what was left alone\n   Created: 1, corrected: 0, already right: 4\n',
    );
    expect(stdout).toContain('✅ Verified: the other counters equal the tasks\n');
    expect(await recorded.client.lRange(counterKey('ACTIVE'), 0, -1)).toEqual(['x']);
  });
});

test('tasks without a known state are in no counter, and named', async () => {
  await recorded.client.hSet(taskKey('a'), 'state', 'ARCHIVED');
  await recorded.client.set(taskKey('b'), 'a lock');
  const { code, stdout } = await recorded.run();
  expect(code).toBe(0);
  expect(stdout).toContain('📊 Found 39 total tasks\n');
  expect(stdout).toContain('   - task:a: state "ARCHIVED"\n');
  expect(stdout).toContain('   - task:b: no hash, but a string\n');
  expect(await counterDifferences(recorded.client)).toEqual([]);
});
