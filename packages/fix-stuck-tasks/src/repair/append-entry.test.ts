import { describe, expect, test } from '@jest/globals';
import { appendEntry } from './append-entry.js';

const after = (old: string | undefined, entry = '{"a": 1}') => {
  const field = old === undefined ? undefined : Buffer.from(old);
  const how = appendEntry(field, entry);
  return (
    how && Buffer.concat([(field ?? Buffer.alloc(0)).subarray(0, how.keep), Buffer.from(how.text)]).toString()
  );
};

describe('an entry is appended', () => {
  test.each([
    [undefined, '[{"a": 1}]'],
    ['', '[{"a": 1}]'],
    ['[]', '[{"a": 1}]'],
    ['[ ]', '[ {"a": 1}]'],
    ['[{"b": "x]"}]', '[{"b": "x]"}, {"a": 1}]'],
    ['[{"b":1}]\n', '[{"b":1}, {"a": 1}]'],
    ['["ü…"]', '["ü…", {"a": 1}]'],
  ])('to %j', (old, expected) => {
    expect(after(old)).toBe(expected);
  });

  test.each(['{}', '[', 'null', '[1] x', 'None', '"[]"'])('not to %j, which is no array', (old) => {
    expect(after(old)).toBeUndefined();
  });

  test('not to what is too large to be read', () => {
    expect(appendEntry('too-large', '{}')).toBeUndefined();
  });

  test('to bytes that are no UTF-8, which stay as they are', () => {
    const old = Buffer.from('["\xff\xfe"]', 'latin1');
    const { keep, text } = appendEntry(old, '1')!;
    expect(Buffer.concat([old.subarray(0, keep), Buffer.from(text)])).toEqual(
      Buffer.from('["\xff\xfe", 1]', 'latin1'),
    );
  });
});
