import { expect, test } from '@jest/globals';
import { usageMessage } from './usage-message.js';

test.each([
  ['Not enough arguments following: max-runtime', '--max-runtime needs a value'],
  ['Not enough non-option arguments: got 0, need at least 1', 'the argument <file> is missing'],
  ['Something else', 'Something else'],
])('what yargs says becomes one line: %j', (message, line) => {
  expect(usageMessage(message)).toEqual({ message: line });
});

test.each([
  ['"slow"', '--pace does not take "slow"'],
  ['"ful", "slow"', '--pace does not take "ful"; did you mean "full"?'],
  ['"a, b"', '--pace does not take "a, b"'],
  [5, '--pace does not take "5"'],
])('a wrong choice is named, and what it may have meant: %s', (given, line) => {
  expect(
    usageMessage(`Invalid values:\n  Argument: pace, Given: ${given}, Choices: "auto", "half", "full"`),
  ).toEqual({ message: line, hint: '--pace takes "auto", "half" or "full".' });
});
