import { readFileSync } from 'node:fs';
import { runBin } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';

const run = (...args: string[]) => runBin('fix-counter-sync', args);

test('--help names every flag, the exit codes and two examples, on stdout', async () => {
  const { code, stdout, stderr } = await run('--help');
  expect([code, stderr]).toEqual([0, '']);
  const flags = [
    'redis-url',
    'dry-run',
    'check',
    'json',
    'quiet',
    'max-runtime',
    'no-color',
    'help',
    'version',
  ];
  for (const flag of flags) expect(stdout).toMatch(new RegExp(`^ .*--${flag} `, 'm'));
  for (const exitCode of [0, 1, 2, 3, 4, 70, 129, 130, 143])
    expect(stdout).toMatch(new RegExp(`\\b${exitCode}\\b`));
  expect(stdout.split('Examples:')[1]).toMatch(/^ +fix-counter-sync (.|\n)*^ +fix-counter-sync /m);
  expect(stdout).toMatch(/^fix-counter-sync \[url\]\n/);
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(await run('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('a usage error exits 2, says what is wrong and what to do, and prints no report:', () => {
  test.each([
    [['--dryrun'], 'Unknown argument: --dryrun; did you mean --dry-run?', 'See fix-counter-sync --help.'],
    [['--confirm'], 'Unknown argument: --confirm', 'See fix-counter-sync --help.'],
    [['--yes'], 'Unknown argument: --yes', 'See fix-counter-sync --help.'],
    [['--dry-run=yes'], '--dry-run takes no value', 'Write --dry-run alone.'],
    [['--', '--dry-run'], 'Unknown argument: --dry-run', 'See fix-counter-sync --help.'],
    [['redis://a', 'redis://b'], 'Unknown argument: redis://b', 'See fix-counter-sync --help.'],
    [
      ['redis://a', '--redis-url', 'redis://b'],
      'given twice, as an argument and by --redis-url',
      'Give it once.',
    ],
    [['--redis-url'], '--redis-url needs a value', 'See fix-counter-sync --help.'],
    [['--max-runtime', 'soon'], '--max-runtime is not a duration', 'Write it like 90s, 15m, 2h or 7d.'],
    [['--max-runtime', '90'], '--max-runtime is not a duration', 'Write it like 90s, 15m, 2h or 7d.'],
    [['--max-runtime', '0s'], '--max-runtime is not a duration', 'Write it like 90s, 15m, 2h or 7d.'],
  ])('%j', async (args, wrong, whatToDo) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`❌ fix-counter-sync: `);
    expect(stderr).toContain(wrong);
    expect(stderr).toContain(whatToDo);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(4);
  });
});

describe('a URL that cannot be used exits 2, says why, and is not repeated:', () => {
  const refusal = (wrong: string) => ({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(`❌ fix-counter-sync: the Redis URL cannot be used\n   Why: ${wrong}`),
  });

  test.each([
    ['geheim@localhost:6379', 'it has no scheme: write redis:// or rediss:// (with TLS) before the host'],
    ['http://:geheim@localhost:6379', 'its scheme is none of redis://, rediss://, unix://'],
    ['redis://:ge/heim@localhost:6379', 'the password needs percent-encoding: write % as %25, / as %2F'],
    ['redis://:geheim@localhost/first', 'what follows the last slash is no database number'],
  ])('%j', async (url, wrong) => {
    const { stderr, ...ending } = await run(url);
    expect({ ...ending, stderr }).toMatchObject(refusal(wrong));
    expect(stderr).not.toMatch(/geheim|heim@/);
  });

  test('an empty one, wherever it comes from: the default is not taken for it', async () => {
    expect(await run('')).toMatchObject(refusal('it is empty'));
    expect(await run('--redis-url=')).toMatchObject(refusal('it is empty'));
    expect(await runBin('fix-counter-sync', [], { env: { REDIS_URL: '' } })).toMatchObject(
      refusal('it is empty'),
    );
  });

  test('two of them', async () => {
    const { code, stderr } = await run('redis://:geheim@a', 'redis://:geheim@b');
    expect([code, stderr.includes('geheim')]).toEqual([2, false]);
  });
});
