import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { unknownFlag } from './unknown-flags.js';

const FLAGS = {
  json: { describe: '' },
  check: { describe: '' },
  'dry-run': { describe: '' },
  'max-runtime': { describe: '' },
  confirm: { describe: '', alias: ['y', 'yes'] },
};

describe('a flag that the help does not list is unknown:', () => {
  test.each([
    [['--dryrun'], '--dryrun; did you mean --dry-run?'],
    [['--dryRun'], '--dryRun; did you mean --dry-run?'],
    [['--DRY-RUN'], '--DRY-RUN; did you mean --dry-run?'],
    [['--dry_run=1'], '--dry_run; did you mean --dry-run?'],
    [['--max'], '--max; did you mean --max-runtime?'],
    [['-check'], '-check; did you mean --check?'],
    [['--chekc'], '--chekc; did you mean --check?'],
    [['--no-json'], '--no-json; did you mean --json?'],
    [['--jsonlines'], '--jsonlines'],
    [['-n'], '-n'],
    [['-hy'], '-hy'],
    [['--json.x'], '--json.x; did you mean --json?'],
    [['--max-runtime', '-x'], '-x'],
  ])('%j', (argv, text) => {
    expect(unknownFlag(argv, FLAGS)).toBe(`Unknown argument: ${text}`);
  });

  // Each name that yargs knows itself is among the quoted words of its source.
  const folder = new URL('./build/lib/', `file://${createRequire(import.meta.url).resolve('yargs')}`);
  const source = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('');
  const hidden = [...new Set([...source.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g)].map(([, word]) => word!))];

  test('every word in the source of yargs', () => {
    expect(hidden).toEqual(expect.arrayContaining(['get-yargs-completions', 'show-hidden']));
    const known = hidden.filter((word) => unknownFlag([`--${word}`], FLAGS) === undefined);
    expect(known.sort()).toEqual(['help', 'version']);
  });
});

test.each([
  [[]],
  [['--json', '--dry-run', '-y', '--yes', '-h', '--help', '--version', '--max-runtime=-x']],
  [['-', '-5', 'x']],
  [['--', '--x']],
])('%j has no unknown flag', (argv) => {
  expect(unknownFlag(argv, FLAGS)).toBeUndefined();
});

test.each(['--redis://u:ge.heim@host', '--redis://u:ge=heim@host', '--redis://u:geheim@host'])(
  'a URL behind dashes is shown without its login: %s',
  (word) => {
    expect(unknownFlag([word], FLAGS)).toBe('Unknown argument: …@host');
  },
);
