import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

const TOOL: Tool<unknown, unknown> = {
  name: 'wind-clocks',
  summary: 'Winds all clocks',
  moduleUrl: new URL('../index.ts', import.meta.url).href,
  flags: { turns: { type: 'number', describe: 'How often' } },
  examples: [
    ['', 'Wind them'],
    ['--turns 3', 'Wind them thrice'],
  ],
  options: () => ({}),
  load: () => Promise.reject(new Error('no work is loaded for the help')),
};

const printed = async (argv: string[], tool = TOOL, columns?: number) =>
  ((await parseArguments(tool, argv, { env: {}, columns })) as { text: string }).text;

describe('the help', () => {
  test('names every flag, the exit codes and the examples', async () => {
    const text = await printed(['--help']);
    const flags = [
      'redis-url',
      'dry-run',
      'check',
      'json',
      'quiet',
      'max-runtime',
      'wait',
      'no-color',
      'turns',
    ];
    for (const flag of [...flags, 'help', 'version']) expect(text).toContain(`--${flag}`);
    expect(text).toContain('Exit codes:');
    expect(text).toContain(
      'Examples:\n  wind-clocks\n      Wind them\n  wind-clocks --turns 3\n      Wind them thrice\n',
    );
  });

  test.each([60, 80, 132])('fits a terminal of %d columns', async (columns) => {
    const example = '--turns 3 --redis-url redis://127.0.0.1:6379/0 --max-runtime 5m';
    const text = await printed(['-h'], { ...TOOL, examples: [[example, 'Wind']] }, columns);
    const longest = Math.max(...text.split('\n').map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(Math.min(columns, 100));
    expect(text.replaceAll(/ \\\n +/g, ' ')).toContain(`wind-clocks ${example}\n`);
  });

  test('comes whatever else is on the line', async () => {
    expect(await printed(['--check', '--help'])).toContain('Exit codes:');
  });
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await printed(['--version'])).toBe(version);
});
