import { pyJson } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { pythonJson } from './python-json.js';

test.each([[{}], [{ a: 'b', n: 3 }], [{ text: 'ü "quoted" \\ \n\t\u0001\u007f\u2028 🙂' }], [{ ключ: '' }]])(
  '%j is written as Python writes it',
  (value: Record<string, string | number>) => {
    expect(pythonJson(value)).toBe(pyJson(value));
  },
);

test('in its form', () => {
  expect(pythonJson({ state: 'PENDING', retry_count: 1, error: 'é' })).toBe(
    '{"state": "PENDING", "retry_count": 1, "error": "\\u00e9"}',
  );
});
