import { describe, expect, test } from '@jest/globals';
import { asTyped, usageMessage } from './usage-message.js';

const FLAGS = { json: {}, 'dry-run': {}, pace: {} };

describe('what yargs says becomes one line that names the flag as it was typed:', () => {
  test.each([
    ['Not enough arguments following: max-runtime', ['--max-runtime'], '--max-runtime needs a value'],
    ['Not enough arguments following: maxRuntime', ['--maxRuntime'], '--maxRuntime needs a value'],
    ['Not enough non-option arguments: got 0, need at least 1', [], 'the argument <file> is missing'],
    ['Unknown argument: fooBar', ['--foo-bar'], 'Unknown argument: --foo-bar'],
    ['Unknown argument: fooBar', ['--foo-bar=1'], 'Unknown argument: --foo-bar'],
    ['Unknown argument: fooBar', ['--FOO-BAR'], 'Unknown argument: --FOO-BAR'],
    ['Unknown argument: dryrun', ['--dry-run', '--dryrun'], 'Unknown argument: --dryrun'],
    ['Unknown argument: noJson', ['--no-json'], 'Unknown argument: --no-json'],
    ['Unknown arguments: a, fooBar', ['-a', 'x', '--fooBar'], 'Unknown arguments: -a, --fooBar'],
    ['Unknown argument: foo', ['--foo.bar'], 'Unknown argument: --foo.bar'],
    ['Unknown arguments: n, x', ['-nx'], 'Unknown argument: -n'],
    ['Unknown argument: extra', ['extra'], 'Unknown argument: extra'],
    ['Unknown argument: json', ['--json', 'json'], 'Unknown argument: json'],
    [
      'Invalid values:\n  Argument: pace, Given: "slow", Choices: "auto", "full"',
      ['--pace', 'slow'],
      '--pace takes "auto" or "full", not "slow"',
    ],
    ['Something else', [], 'Something else'],
  ])('%j of %j', (message, argv, line) => {
    expect(usageMessage(message, argv, FLAGS)).toBe(line);
  });
});

test.each(['--redis://u:ge.heim@host', '--redis://u:ge=heim@host', '--redis://u:geheim@host'])(
  'a URL behind dashes is shown without its login: %s',
  (word) => {
    const [name] = word.replace(/^-+/, '').split(/[.=]/) as [string];
    expect(asTyped(name, [word])).toBe('…@host');
  },
);
