import { expect, test } from '@jest/globals';
import { wrapLines } from './wrap-lines.js';

test.each([
  [['one two three'], ['one two', 'three']],
  [['   one two three'], ['   one', '   two', '   three']],
  [['- one two three'], ['- one two', '  three']],
  [['task:0123456789abcdef is x'], ['task:0123456789abcdef', 'is x']],
  [['- task:0123456789abcdef'], ['- task:0123456789abcdef']],
  [['12  one two'], ['12  one', '    two']],
  [['✅ one two'], ['✅ one', 'two']],
  [['⚠️  one two'], ['⚠️  one', 'two']],
  [[''], ['']],
])('%j wraps at words', (lines, wrapped) => {
  expect(wrapLines(lines, 9)).toEqual(wrapped);
});

test('colour takes no width', () => {
  expect(wrapLines(['\u001b[31mone two\u001b[39m', '\u001b[31mone two three\u001b[39m'], 9)).toEqual([
    '\u001b[31mone two\u001b[39m',
    '\u001b[31mone two',
    'three\u001b[39m',
  ]);
});

test('a table never wraps, the lines around it do', () => {
  const table = ['   State Old', '   ----- ---', '   ACTIVE  12345678901 3'];
  expect(wrapLines(['one two three', ...table, '', 'one two three'], 9)).toEqual([
    'one two',
    'three',
    ...table,
    '',
    'one two',
    'three',
  ]);
});
