import { describe, expect, test } from '@jest/globals';
import { type Arguments, parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

const TOOL: Tool<unknown, unknown> = {
  name: 'wind-clocks',
  summary: 'Winds all clocks',
  moduleUrl: new URL('../index.ts', import.meta.url).href,
  flags: { turns: { type: 'number', describe: 'How often' } },
  examples: [],
  options: () => ({}),
  load: () => Promise.reject(new Error('no work is loaded for reading arguments')),
};
const WITH_FILE = { ...TOOL, fileArgument: 'Where the clocks are listed' };

const parse = (argv: string[], env: NodeJS.ProcessEnv = {}, tool: Tool<unknown, unknown> = TOOL) =>
  parseArguments(tool, argv, { env });
const parsed = async (...args: Parameters<typeof parse>) => (await parse(...args)) as Arguments;

describe('a command line', () => {
  test('may be empty', async () => {
    expect(await parsed([])).toMatchObject({
      redisUrl: 'redis://localhost:6379/0',
      mode: 'repair',
      json: false,
      quiet: false,
      noColor: false,
      maxRuntimeMs: undefined,
      lockWaitMs: undefined,
      pace: 'auto',
    });
  });

  test('may hold every flag', async () => {
    const argv =
      '--redis-url redis://h/1 --check --json --quiet --no-color --max-runtime 2h --wait 30s --pace full --turns 3'.split(
        ' ',
      );
    expect(await parsed(argv)).toMatchObject({
      redisUrl: 'redis://h/1',
      mode: 'check',
      json: true,
      quiet: true,
      noColor: true,
      maxRuntimeMs: 7_200_000,
      lockWaitMs: 30_000,
      pace: 'full',
      flags: { turns: 3 },
    });
  });

  test.each([
    [[], 'repair'],
    [['--dry-run'], 'dry-run'],
    [['--check'], 'check'],
    [['--check', '--dry-run'], 'check'],
  ])('%j means %s', async (argv, mode) => {
    expect((await parsed(argv)).mode).toBe(mode);
  });
});

describe('a tool that only reads', () => {
  const reader = { ...TOOL, readOnly: true } as const;

  test('inspects', async () => {
    expect((await parsed(['--turns', '3'], {}, reader)).mode).toBe('inspect');
  });

  test.each(['--dry-run', '--check', '--wait'])('has no %s', async (flag) => {
    await expect(parse([flag], {}, reader)).rejects.toMatchObject({
      code: 'USAGE',
      message: `Unknown argument: ${flag}`,
    });
    expect(((await parse(['--help'], {}, reader)) as { text: string }).text).not.toMatch(
      new RegExp(`^ +${flag} `, 'm'),
    );
  });
});

test('without its confirming flag a tool inspects', async () => {
  const looking = { ...TOOL, confirmFlag: 'turns' };
  const modes = [[], ['--turns', '3'], ['--check'], ['--dry-run']].map(
    async (argv) => (await parsed(argv, {}, looking)).mode,
  );
  expect(await Promise.all(modes)).toEqual(['inspect', 'repair', 'check', 'dry-run']);
});

describe('the Redis URL', () => {
  const env = { REDIS_URL: 'redis://from-env/2' };

  test.each([
    [['--redis-url', 'redis://flag/1'], 'redis://flag/1'],
    [['--redis-url=redis://flag/1'], 'redis://flag/1'],
    [['redis://argument/1'], 'redis://argument/1'],
    [[], 'redis://from-env/2'],
  ])('comes from %j before the environment', async (argv, url) => {
    expect((await parsed(argv, env)).redisUrl).toBe(url);
  });

  test('that is empty stays empty: it is refused later, not replaced by the default', async () => {
    expect((await parsed(['--redis-url='], env)).redisUrl).toBe('');
    expect((await parsed([''], env)).redisUrl).toBe('');
    expect((await parsed([], { REDIS_URL: '' })).redisUrl).toBe('');
  });

  test('that looks like a number is still text', async () => {
    expect((await parsed(['06379'], {})).redisUrl).toBe('06379');
  });

  test('may not be given twice', async () => {
    await expect(parse(['redis://a', '--redis-url', 'redis://b'], {})).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('given twice'),
    });
  });
});

describe('a file as the argument', () => {
  test.each([['clocks.txt'], ['0123'], ['']])('is %j, as it was written', async (file) => {
    const { flags, redisUrl } = await parsed([file], {}, WITH_FILE);
    expect([flags.file, redisUrl]).toEqual([file, 'redis://localhost:6379/0']);
  });

  test.each([
    [[], 'the argument <file> is missing'],
    [['a', 'b'], 'wind-clocks takes one file; 2 were given'],
    [['a', '--check', 'b', '3'], 'wind-clocks takes one file; 3 were given'],
    [['a', '--', '--check'], 'Unknown argument: --check'],
    [['a', 'redis://h'], 'Unknown argument: redis://h'],
  ])('is one: %j is a usage error', async (argv, message) => {
    await expect(parse(argv, {}, WITH_FILE)).rejects.toMatchObject({ code: 'USAGE', message });
  });

  test.each([
    [['a', 'b'], 'Run it once for each file.'],
    [['a', 'redis://h'], 'Name the Redis by --redis-url.'],
    [['a', '--', '-x'], 'See wind-clocks --help.'],
  ])('is one: what to do about %j', async (argv, hint) => {
    await expect(parse(argv, {}, WITH_FILE)).rejects.toMatchObject({ code: 'USAGE', hint });
  });

  test('is in the help', async () => {
    const { text } = (await parse(['--help'], {}, WITH_FILE)) as unknown as { text: string };
    expect(text).toMatch(/wind-clocks <file>(.|\n)*file +Where the clocks are listed/);
  });
});

test.each(['redis://h', 'rediss://h', 'unix:///s', 'redis+sentinel://h/m', 'sentinel://h'])(
  'a URL in the place of the file is refused: %s',
  async (url) => {
    await expect(parse([url], {}, WITH_FILE)).rejects.toMatchObject({
      code: 'USAGE',
      message: `${url} is a URL, not a file`,
      hint: 'Name the Redis by --redis-url.',
    });
  },
);

describe('a usage error is', () => {
  test.each([
    [['--dryrun'], 'Unknown argument: --dryrun; did you mean --dry-run?'],
    [['--dryRun'], 'Unknown argument: --dryRun; did you mean --dry-run?'],
    [['--foo-bar', 'x'], 'Unknown argument: --foo-bar'],
    [['-n'], 'Unknown argument: -n'],
    [['--no-json'], 'Unknown argument: --no-json'],
    [['redis://a', 'redis://b'], 'Unknown argument: redis://b'],
    [['--pace', 'slow'], '--pace does not take "slow"'],
    [['--dry-run=yes'], '--dry-run takes no value'],
    [['--dry-run='], '--dry-run takes no value'],
    [['--check=1'], '--check takes no value'],
    [['--dry-run=false'], '--dry-run takes no value'],
    [['--check', 'false'], '--check takes no value'],
    [['--turns='], '--turns needs a value'],
    [['--wait', ''], '--wait needs a value'],
    [['--', '--dry-run'], 'Unknown argument: --dry-run'],
    [['--redis-url'], '--redis-url needs a value'],
    [['--max-runtime'], '--max-runtime needs a value'],
    [['--turns', '--check'], '--turns needs a value'],
    [['--max-runtime', 'soon'], '--max-runtime'],
    [['--wait'], '--wait needs a value'],
    [['--wait', '5'], '--wait'],
    [['--redis-url', 'redis://a', '--redis-url', 'redis://b'], '--redis-url is given twice'],
    [['--max-runtime', '1s', '--max-runtime', '2s'], '--max-runtime is given twice'],
    [['--turns', '1', '--turns', '2'], '--turns is given twice'],
  ])('%j, and the message names what is wrong', async (argv, name) => {
    await expect(parse(argv)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(name),
    });
  });

  test.each([
    [['a', 'redis://user:geheim@host']],
    [['a', 'redis://user:geheim\nx@host']],
    [['--redis-urls=redis://:geheim@host']],
    [['--redis://:ge.geheim@host']],
    [['--redis://:ge=geheim@host']],
    [['a', 'geheim@h']],
  ])('%j, without repeating a password', async (argv) => {
    const error = await parse(argv).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'USAGE' });
    expect(JSON.stringify(error) + String(error)).not.toContain('geheim');
  });
});
