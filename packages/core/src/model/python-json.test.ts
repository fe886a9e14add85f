import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePythonJson } from './python-json.js';

test.each([
  ['{"a": NaN, "b": [Infinity, -Infinity, 1]}', { a: null, b: [null, null, 1] }],
  ['NaN', null],
  ['{"NaN": "Infinity \\" NaN", "x": NaN}', { NaN: 'Infinity " NaN', x: null }],
  ['["\\\\", NaN, "\\\\\\"-Infinity"]', ['\\', null, '\\"-Infinity']],
])('%s is read as Python reads it', (text, value) => {
  expect(parsePythonJson(text)).toEqual(value);
});

test.each(['', 'nan', 'NaN,', '{"a": NaN', "{'a': NaN}", 'Infinityy', '"NaN'])('%j is no JSON', (text) => {
  expect(parsePythonJson(text)).toBeUndefined();
});

test('all JSON is read as it is, whatever its strings', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(parsePythonJson(text)).toEqual(JSON.parse(text));
      expect(parsePythonJson(`[${text}, NaN]`)).toEqual([JSON.parse(text), null]);
    }),
  );
});
