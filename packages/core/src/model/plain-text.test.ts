import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonText, plainText } from './plain-text.js';

const anyText = fc.string({ unit: 'binary', maxLength: 300 });
/** Controls, half surrogates, and what turns the direction of text around. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u;

describe('plain text', () => {
  test('is ordinary text as it is', () => {
    expect(plainText('naïve café ☕ число 数 😀 task:1')).toBe('naïve café ☕ число 数 😀 task:1');
  });

  test.each([
    ['a colour', '\u001b[31mred', '�[31mred'],
    ['a title', '\u001b]0;owned\u0007', '�]0;owned�'],
    ['an 8-bit escape', '\u009b2J', '�2J'],
    ['a line end', 'a\r\nb', 'a��b'],
    ['a turned direction', '\u202egnp.exe\u2069', '�gnp.exe�'],
    ['half a character', 'a\ud83d', 'a�'],
  ])('shows %s as a mark', (_, text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  test('never holds what could act on a terminal', () => {
    const spiced = fc.array(
      fc.oneof(anyText, fc.constantFrom('\u001b', '\u009b', '\u202e', '\u061c', '\ud800')),
    );
    fc.assert(fc.property(spiced, (parts) => !UNSAFE.test(plainText(parts.join(''), 1_000))));
  });

  test('is cut to its length, with a mark at the end', () => {
    expect(plainText('abcdef', 6)).toBe('abcdef');
    expect(plainText('abcdefg', 6)).toBe('abcde…');
    expect(plainText('😀😀😀😀', 3)).toBe('😀😀…');
    expect(plainText('x'.repeat(10_000))).toHaveLength(120);
  });

  test('is never longer than asked for, and never ends in half a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 20 }), (text, length) => {
        const shown = plainText(text, length);
        expect([...shown].length).toBeLessThanOrEqual(length);
        expect(shown).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  test('of 50 MB is its beginning', () => {
    const long = Buffer.alloc(50_000_000, 'x').toString('latin1');
    expect(plainText(long)).toBe(plainText(long.slice(0, 1_000)));
  });
});

describe('JSON text', () => {
  test('says the same as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('holds nothing that could act on a terminal', () => {
    fc.assert(fc.property(anyText, (text) => !UNSAFE.test(jsonText({ [text]: text }).replaceAll('\n', ''))));
    expect(jsonText('\u009b\u202e')).toBe('"\\u009b\\u202e"');
  });
});
