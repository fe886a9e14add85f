import { type BinRun, counterDifferences, counterKey, taskKey } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';

const recorded = useRecording('fix-counter-sync');

/** The lines between the table and the conclusion. */
const oddKeysIn = ({ stdout }: BinRun) =>
  stdout.split('\n\n').find((part) => part.startsWith('⚠️  In no counter:'));

describe('tasks without a known state', () => {
  test('are counted apart and named, and no counter counts them', async () => {
    await recorded.client.hSet(taskKey('a'), 'state', 'ARCHIVED');
    await recorded.client.hSet(taskKey('b'), 'state', 'completed');
    await recorded.client.hSet(taskKey('c'), 'state', '');
    await recorded.client.hSet(taskKey('d'), 'task_id', 'd');
    await recorded.client.set(taskKey('e'), 'a lock');
    await recorded.client.zAdd(taskKey('f'), { score: 1, value: 'x' });
    const run = await recorded.run();
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain('   Total tasks found: 42\n');
    const [head, ...named] = oddKeysIn(run)!.split('\n   - ');
    expect(head).toBe(
      '⚠️  In no counter:\n' +
        '   Tasks with an unknown state: 2\n' +
        '   Tasks without a state: 2\n' +
        '   Keys that are no task hash: 2',
    );
    expect(named.sort()).toEqual([
      'task:a: state "ARCHIVED"',
      'task:b: state "completed"',
      'task:c: no state',
      'task:d: no state',
      'task:e: no hash, but a string',
      'task:f: no hash, but a zset',
    ]);
    expect(await counterDifferences(recorded.client)).toEqual([]);
  });

  test('alone are no drift: a check passes, and quietly', async () => {
    await recorded.client.hSet(taskKey('a'), 'state', 'ARCHIVED');
    expect(await recorded.run('--check', '--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('are left as they are by a repair', async () => {
    await recorded.client.set(taskKey('e'), 'a lock');
    await recorded.client.hSet(taskKey('d'), 'task_id', 'd');
    const before = await recorded.digest();
    await recorded.client.incr(counterKey('DLQ'));
    await recorded.run();
    expect(await recorded.digest()).toBe(before);
  });

  test('in great number are named up to twenty', async () => {
    for (let i = 0; i < 150; i++) await recorded.client.hSet(taskKey(`odd${i}`), 'x', '1');
    const lines = oddKeysIn(await recorded.run())!.split('\n');
    expect(lines).toHaveLength(23);
    expect(lines.at(-1)).toBe('   … and 130 more');
  });
});

describe('keys of any bytes', () => {
  test('bring no control character and no invalid UTF-8 to the terminal', async () => {
    await recorded.client.hSet('task:\u001b[2J\u001b]0;owned\u0007\r\n\u009b31m\u202e', 'x', '1');
    await recorded.client.hSet(
      Buffer.from('task:\xff\xfe\x1b[31m', 'latin1'),
      'state',
      Buffer.from('\x9b\xe9', 'latin1'),
    );
    const run = await recorded.run();
    expect(run.stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    expect(oddKeysIn(run)).toContain('   - task:�[2J�]0;owned����31m�: no state');
    expect(oddKeysIn(run)).toContain('   - task:\\xff\\xfe�[31m: state "\\\\x9b\\\\xe9"');
  });

  test('are tasks like others where they have a state', async () => {
    await recorded.client.hSet(Buffer.from('task:\x00\xff\x1b', 'latin1'), 'state', 'ACTIVE');
    expect((await recorded.run()).stdout).toContain('✅ Fixed 1 counter discrepancies:\n   - ACTIVE: +1\n');
  });
});

test('a content of 40 MB is not read', async () => {
  await recorded.client.hSet(taskKey('pdf'), { state: 'ACTIVE', content: 'x'.repeat(40_000_000) });
  await recorded.client.configResetStat();
  await recorded.run();
  const sent = /total_net_output_bytes:(\d+)/.exec(await recorded.client.info('stats'))![1];
  expect(Number(sent)).toBeLessThan(100_000);
  expect(await recorded.client.info('commandstats')).not.toMatch(
    /cmdstat_(hgetall|hmget|hvals|hscan|dump|monitor)/,
  );
});
