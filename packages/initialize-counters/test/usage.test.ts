import { readFileSync } from 'node:fs';
import { runBin } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';

const run = (...args: string[]) => runBin('initialize-counters', args);

test('--help names the exit codes', async () => {
  const { code, stdout } = await run('--help');
  expect(code).toBe(0);
  for (const exitCode of [0, 1, 2, 3, 4, 130, 143]) expect(stdout).toMatch(new RegExp(`\\b${exitCode}\\b`));
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(await run('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
});

describe('a usage error exits 2, and repeats no password:', () => {
  test.each([
    [['--check', 'redis://:geheim@h', 'redis://:geheim@h'], 'Unknown argument: …@h'],
    [['--redis-url', 'http://:geheim@db'], 'the Redis URL cannot be used'],
    [['--confirm'], 'Unknown argument: --confirm'],
    [['--max-runtime', '10'], '--max-runtime is not a duration'],
  ])('%j', async (args, wrong) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`❌ initialize-counters: ${wrong}`);
    expect(stderr).not.toContain('geheim');
  });
});
