import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { refuseFlagsKeptByNpm, repairCommand } from './command-line.js';
import type { Tool } from './tool.js';

const FLAGS = {
  'dry-run': { type: 'boolean', describe: '' },
  check: { type: 'boolean', describe: '' },
  'redis-url': { type: 'string', describe: '' },
  limit: { type: 'number', describe: '' },
  json: { type: 'boolean', describe: '' },
  force: { type: 'boolean', describe: '' },
} as const;

const SCRIPT = { npm_command: 'run-script', npm_lifecycle_event: 'wind-clocks' };

function refusal(env: NodeJS.ProcessEnv, given: string[] = []) {
  try {
    refuseFlagsKeptByNpm({ name: 'wind-clocks', env }, FLAGS, (flag) => given.includes(flag));
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a flag that npm kept is refused', () => {
  test.each([
    ['npm run', { ...SCRIPT, npm_config_dry_run: 'true' }, '--dry-run', 'npm run wind-clocks -- --dry-run'],
    [
      'npx',
      { npm_command: 'exec', npm_config_check: 'true', npm_config_redis_url: 'redis://:geheim@h' },
      '--check --redis-url …',
      'npx @atf/wind-clocks --check --redis-url …',
    ],
    [
      'another script',
      { npm_lifecycle_event: 'nightly', npm_config_limit: '5' },
      '--limit …',
      'wind-clocks --limit …',
    ],
  ])('by %s', (_, env, words, command) => {
    expect(refusal(env)).toMatchObject({
      code: 'USAGE',
      message: `npm kept ${words}, and the tool did not get it`,
      why: 'npm takes the flags that stand before "--", or before the name of the package, for its own',
      hint: `Write: ${command}`,
    });
  });

  test('but not if the tool got it, if it is off, or if npm sets it itself', () => {
    expect(refusal({ ...SCRIPT, npm_config_dry_run: 'true' }, ['dry-run'])).toBeUndefined();
    for (const value of ['', 'false', 'null'])
      expect(refusal({ ...SCRIPT, npm_config_dry_run: value })).toBeUndefined();
    const own = {
      npm_config_yes: 'true',
      npm_config_json: 'true',
      npm_config_force: 'true',
      npm_config_loglevel: 'silent',
    };
    expect(refusal({ ...SCRIPT, ...own })).toBeUndefined();
    expect(refusal({})).toBeUndefined();
  });
});

test('the flags that npm keeps unnoticed are those in the reference', () => {
  const reference = readFileSync(new URL('../../../../docs/reference.md', import.meta.url), 'utf8');
  const [, lost] = /runs without them:\n(.*)\.\n/.exec(reference)!;
  // What npm 11 passes on for each of our flags that is one of npm's, or a short form of one.
  const passedOn = {
    force: { npm_config_force: 'true' },
    include: { npm_config_include: 'dev' },
    json: { npm_config_json: 'true' },
    'no-color': { npm_config_color: '' },
    only: {},
    quiet: { npm_config_loglevel: 'warn' },
    replace: { npm_config_replace_registry_host: 'true' },
    scope: { npm_config_scope: 'app' },
    yes: { npm_config_yes: 'true' },
  };
  expect(lost).toBe(
    Object.keys(passedOn)
      .map((flag) => `\`--${flag}\``)
      .join(', '),
  );
  const flags = Object.fromEntries(
    Object.keys(passedOn).map((flag) => [flag, { type: 'boolean', describe: '' }] as const),
  );
  for (const env of Object.values(passedOn))
    expect(() =>
      refuseFlagsKeptByNpm({ name: 'wind-clocks', env: { ...SCRIPT, ...env } }, flags, () => false),
    ).not.toThrow();
});

describe('the command that repairs', () => {
  const command = (argv: string[], tool: Partial<Tool<unknown, unknown>> = {}, env: NodeJS.ProcessEnv = {}) =>
    repairCommand({ name: 'wind-clocks', ...tool } as Tool<unknown, unknown>, argv, env);
  const BACKUP = { flags: { backup: { describe: '' } } };

  test.each([
    [['--dry-run'], {}, 'wind-clocks'],
    [['--dry-run', '--limit', '5'], BACKUP, 'wind-clocks --limit 5 --backup backups/'],
    [['--dry-run', '--backup=x'], BACKUP, 'wind-clocks --backup=x'],
    [['--dry-run'], { ...BACKUP, confirmFlag: 'confirm' }, 'wind-clocks --confirm --backup backups/'],
    [['--dry-run', '--confirm'], { confirmFlag: 'confirm' }, 'wind-clocks --confirm'],
    [["it's", '--dry-run'], {}, "wind-clocks 'it'\\''s'"],
    [['--redis-url', 'redis://u:geheim@h/1', '--dry-run'], {}, 'wind-clocks --redis-url redis://…@h/1'],
  ])('for %j with %j is %s', (argv, tool, text) => {
    expect(command(argv, tool)).toBe(text);
  });

  test('begins as the tool was started', () => {
    expect(command(['--dry-run', '--limit', '5'], {}, SCRIPT)).toBe('npm run wind-clocks -- --limit 5');
    expect(command(['--dry-run'], {}, SCRIPT)).toBe('npm run wind-clocks');
    expect(command(['--dry-run'], {}, { npm_command: 'exec' })).toBe('npx @atf/wind-clocks');
  });
});
