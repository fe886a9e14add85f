import { type BinRun, celeryMetaKey, runBin, runBinUntil, type StartedBin } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { cleanupCeleryMetaReportSchema } from '../src/index.js';
import { useResults } from './use-results.js';

const results = useResults();
const parsed = ({ stdout }: BinRun) => cleanupCeleryMetaReportSchema.parse(JSON.parse(stdout));

describe('--json', () => {
  test.each([
    ['found', ['--dry-run'], 0],
    ['found', ['--check', '--older-than', '1h'], 1],
    ['repaired', ['--yes'], 0],
    ['repaired', ['--yes', '--older-than', '1h'], 0],
    ['refused', [], 3],
    ['failed', ['--older-than', 'soon'], 2],
  ])('prints one document where the outcome is %s: %j', async (outcome, args, exitCode) => {
    await results.add(8, { ageMs: 7_200_000 });
    const run = await results.run([...args, '--json']);
    expect([parsed(run).outcome, run.code]).toEqual([outcome, exitCode]);
  });

  test('prints one document where nothing is there', async () => {
    expect(parsed(await results.run(['--yes', '--json']))).toMatchObject({
      outcome: 'clean',
      result: { found: 0, deleted: 0, left: 0 },
    });
  });

  test('prints one document where Redis cannot be reached', async () => {
    const run = await runBin('cleanup-celery-meta', [
      '--yes',
      '--json',
      '--redis-url',
      'redis://127.0.0.1:1/0',
    ]);
    expect([parsed(run).error?.code, run.code]).toEqual(['UNREACHABLE', 4]);
  });

  test('names keys to the byte', async () => {
    await results.client.set(Buffer.from([...Buffer.from('celery-task-meta-'), 0xff, 0x0a]), 'x');
    const { result } = parsed(await results.run(['--dry-run', '--json']));
    expect(result?.samples).toEqual(['celery-task-meta-\\xff\n']);
  });

  test('prints what was done where it was stopped', async () => {
    await results.add(20_000, { ageMs: 7_200_000 });
    const path = `${results.folder}/stopped.ndjson`;
    const act = ({ child }: StartedBin) => {
      child.kill('SIGINT');
      return 'pass' as const;
    };
    const moment = { url: results.redis.url, command: 'EVALSHA', number: 5, act };
    const args = ['--yes', '--json', '--backup', path];
    const run = await runBinUntil('cleanup-celery-meta', moment, { args });
    const report = parsed(run);
    expect([report.outcome, report.stopReason, run.code]).toEqual(['stopped', 'SIGINT', 130]);
    const left = await results.left();
    expect(report.result?.deleted).toBe(20_000 - left.length);
    expect(report.result?.backup?.records).toBeGreaterThanOrEqual(20_000 - left.length);
  });
});

test('a server that refuses the deletion is told, and that nothing was changed', async () => {
  await results.add(8);
  await results.client.sendCommand(['ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '+@all', '-unlink']);
  const url = results.redis.url.replace('redis://', 'redis://reader:pw@');
  const { code, stderr } = await runBin('cleanup-celery-meta', ['--yes', '--redis-url', url]);
  expect([code, stderr]).toEqual([4, expect.stringContaining('a permission is missing')]);
  expect(stderr).toContain('Nothing was changed.');
  expect(await results.left()).toHaveLength(8);
});

test('where INFO is forbidden, what expires is counted all the same', async () => {
  await results.add(8);
  await results.add(5, { ttl: 600 });
  await results.client.sendCommand(['ACL', 'SETUSER', 'plain', 'on', '>pw', '~*', '+@all', '-info']);
  const url = results.redis.url.replace('redis://', 'redis://plain:pw@');
  const run = await runBin('cleanup-celery-meta', ['--yes', '--json', '--redis-url', url]);
  expect(parsed(run).result).toMatchObject({ found: 13, expiring: 5, persistent: 8, deleted: 13 });
  expect(await results.client.exists(celeryMetaKey('x'))).toBe(0);
});
