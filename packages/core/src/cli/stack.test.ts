import { describe, expect, test } from '@jest/globals';
import { AtfError } from '../errors.js';
import { stackOf } from './stack.js';

describe('the stack', () => {
  test('names where the error arose, and what it came from', () => {
    const cause = new TypeError('no such thing');
    const lines = stackOf(new AtfError('INTERNAL', 'unexpected error', { cause }))!.split('\n');
    expect(lines[0]).toBe('AtfError: unexpected error');
    expect(lines[1]).toContain('stack.test');
    expect(lines).toContain('Caused by: TypeError: no such thing');
  });

  test('brings no control characters to the terminal', () => {
    expect(stackOf(new Error('ERR \u001b[2J\u009b2J'))).toContain('Error: ERR �[2J�2J\n');
  });

  test('is absent where there is no error', () => {
    expect(stackOf(undefined)).toBeUndefined();
  });
});
