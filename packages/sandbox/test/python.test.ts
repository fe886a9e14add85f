import { describe, expect, test } from '@jest/globals';
import { createRandom, isoformat, microsOf, pyFloat, pyJson } from '../src/index.js';

describe('values are written as Python writes them', () => {
  const noon = microsOf(new Date('2026-11-22T12:00:00Z'));

  test('a time has six digits of microseconds and no zone', () => {
    expect(isoformat(noon + 455_220)).toBe('2026-11-22T12:00:00.455220');
    expect(isoformat(noon + 7)).toBe('2026-11-22T12:00:00.000007');
  });

  test('a time without microseconds has no fraction', () => {
    expect(isoformat(noon)).toBe('2026-11-22T12:00:00');
  });

  test('JSON has a blank after comma and colon, and only ASCII', () => {
    expect(pyJson({ a: [1, null, true], ü: 'café ☕ 😀 "x"\n' })).toBe(
      '{"a": [1, null, true], "\\u00fc": "caf\\u00e9 \\u2615 \\ud83d\\ude00 \\"x\\"\\n"}',
    );
  });

  test('a float is never printed as an integer', () => {
    expect([pyFloat(1795360264.2507284), pyFloat(5)]).toEqual(['1795360264.2507284', '5.0']);
  });
});

describe('the seeded generator', () => {
  test('gives different, valid UUIDs of version 4', () => {
    const random = createRandom(7);
    const ids = Array.from({ length: 10_000 }, () => random.uuid());
    expect(new Set(ids).size).toBe(10_000);
    for (const id of ids)
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  test('repeats itself for the same seed only', () => {
    const [a, b, c] = [createRandom(1).uuid(), createRandom(1).uuid(), createRandom(2).uuid()];
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });
});
