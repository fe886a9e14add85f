import { type Moment, runBin, runBinUntil } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { resetRedisReportSchema } from '../src/index.js';
import { FOREIGN, useSystem } from './use-system.js';

const system = useSystem();

beforeEach(() => system.stopWorkers());

describe('--confirm', () => {
  test.each([['--confirm'], ['-y'], ['--yes']])(
    "by %s deletes AsyncTaskFlow's own keys, and nothing else",
    async (flag) => {
      const own = (await system.client.dbSize()) - FOREIGN;
      const { code, stdout, stderr } = await system.run([flag]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`✅ Deleted ${own} keys of AsyncTaskFlow\n   - task: 305\n`);
      expect(stdout).toContain(`   Kept: ${FOREIGN} keys that are not AsyncTaskFlow's\n`);
      expect(stdout).toMatch(/ {3}Verified: no key of AsyncTaskFlow is left\n$/);
      expect(await system.digest()).toBe(system.digestWithout);
    },
  );

  test('a second time finds nothing', async () => {
    await system.run(['--confirm']);
    const { code, stdout } = await system.run(['--confirm']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('✅ Nothing to delete\n')]);
    expect(await system.run(['--confirm', '--quiet'])).toMatchObject({ code: 0, stdout: '' });
    expect(await system.digest()).toBe(system.digestWithout);
  });

  test('asks nobody: it needs neither a terminal nor a pipe', async () => {
    const { code, stderr } = await system.run(['--confirm'], { stdin: 'no\n' });
    expect([code, stderr]).toEqual([0, '']);
  });

  test("leaves a database empty that held AsyncTaskFlow's data only, and says so", async () => {
    await system.client.select(5);
    const url = system.redis.url.replace(/0$/, '5');
    const { stdout } = await runBin('reset-redis', ['--confirm', '--redis-url', url]);
    expect(stdout).toMatch(/✅ Deleted 1 key of AsyncTaskFlow\n.*\n {3}Verified: the database is empty\n$/);
    expect(await system.client.dbSize()).toBe(0);
    await system.client.select(0);
    expect(await system.client.dbSize()).toBeGreaterThan(FOREIGN);
  });

  test('finds every key while the key table shrinks', async () => {
    await system.client.eval("for i = 1, 60000 do redis.call('HSET', 'task:' .. i, 'state', 'DLQ') end", {});
    expect((await system.run(['--confirm'])).code).toBe(0);
    expect(await system.digest()).toBe(system.digestWithout);
  });
});

describe('--scope db', () => {
  test('empties this database, and no other one', async () => {
    const keys = await system.client.dbSize();
    const { code, stdout } = await system.run(['--confirm', '--scope', 'db']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/ {3}Verified: the database is empty\n$/)]);
    expect(stdout).toContain(`✅ Deleted ${keys} keys\n`);
    expect(await system.client.dbSize()).toBe(0);
    await system.client.select(5);
    expect(await system.client.keys('*')).toEqual(['task:in-another-database']);
    await system.client.select(0);
  });

  test.each([['all'], ['']])('may not be %j', async (scope) => {
    expect((await system.run(['--confirm', `--scope=${scope}`])).code).toBe(2);
    expect(await system.digest()).toBe(system.digestWith);
  });
});

test.each([
  [['--confirm', '--scope', 'app', '--scope', 'db']],
  [['--backup', 'x.ndjson']],
  [['--confirm=now']],
])('%j is a usage error, and changes nothing', async (args) => {
  expect((await system.run(args)).code).toBe(2);
  expect(await system.digest()).toBe(system.digestWith);
});

/** At the fifth of the calls that delete. */
const signalInTheMidst = (signal: NodeJS.Signals): Moment => ({
  url: system.redis.url,
  command: 'EVALSHA',
  number: 5,
  act({ child }) {
    child.kill(signal);
    return 'pass';
  },
});

test('a run that was killed in the middle is completed by the next one', async () => {
  await system.client.eval("for i = 1, 60000 do redis.call('HSET', 'task:' .. i, 'state', 'DLQ') end", {});
  const keys = await system.client.dbSize();
  await runBinUntil('reset-redis', signalInTheMidst('SIGKILL'), { args: ['--confirm'] });
  expect(await system.client.dbSize()).toBeLessThan(keys);
  await system.client.pExpire('atf:maintenance-lock', 1); // as if 30 s had passed
  expect((await system.run(['--confirm', '--wait', '30s'])).code).toBe(0);
  expect(await system.digest()).toBe(system.digestWithout);
});

test('the document of a run that was stopped says what was done', async () => {
  await system.client.eval("for i = 1, 60000 do redis.call('HSET', 'task:' .. i, 'state', 'DLQ') end", {});
  const keys = await system.client.dbSize();
  const args = ['--confirm', '--json'];
  const { code, stdout } = await runBinUntil('reset-redis', signalInTheMidst('SIGTERM'), { args });
  const { outcome, result } = resetRedisReportSchema.parse(JSON.parse(stdout));
  expect([code, outcome]).toEqual([143, 'stopped']);
  if (result) expect(keys - result.deletion!.deleted).toBe(await system.client.dbSize());
});

test.each([
  [[], 'found', 0],
  [['--check'], 'found', 1],
  [['--confirm'], 'repaired', 0],
  [['--confirm', '--scope', 'db'], 'repaired', 0],
  [['--scope', 'x'], 'failed', 2],
])('--json with %j prints one document that the schema reads', async (args, outcome, exitCode) => {
  const { code, stdout } = await system.run([...args, '--json']);
  expect([code, resetRedisReportSchema.parse(JSON.parse(stdout)).outcome]).toEqual([exitCode, outcome]);
});

test('--json prints one document where Redis cannot be reached', async () => {
  const { code, stdout } = await runBin('reset-redis', [
    '--confirm',
    '--json',
    '--redis-url',
    'redis://127.0.0.1:1/0',
  ]);
  expect([code, resetRedisReportSchema.parse(JSON.parse(stdout)).error?.code]).toEqual([4, 'UNREACHABLE']);
});
