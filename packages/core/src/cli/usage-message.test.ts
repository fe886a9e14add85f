import { expect, test } from '@jest/globals';
import { usageMessage } from './usage-message.js';

test.each([
  ['Not enough arguments following: max-runtime', '--max-runtime needs a value'],
  ['Not enough arguments following: maxRuntime', '--max-runtime needs a value'],
  ['Not enough non-option arguments: got 0, need at least 1', 'the argument <file> is missing'],
  [
    'Invalid values:\n  Argument: pace, Given: "slow", Choices: "auto", "full"',
    '--pace takes "auto" or "full", not "slow"',
  ],
  ['Something else', 'Something else'],
])('what yargs says becomes one line: %j', (message, line) => {
  expect(usageMessage(message)).toBe(line);
});
