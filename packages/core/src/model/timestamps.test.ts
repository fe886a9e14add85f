import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTimestamp, parseTimestamp, unixSeconds } from './timestamps.js';

type Verdict = [year: number, seconds: number, micros: number, zoned: boolean] | null;

/** What Python 3.11 itself says; `make-python-fromisoformat.py` beside it asked. */
const PYTHON = JSON.parse(
  readFileSync(new URL('../../test/fixtures/python-fromisoformat.json', import.meta.url), 'utf8'),
) as { cases: [text: string, verdict: Verdict][] };

function verdictOn(text: string): Verdict {
  const read = parseTimestamp(text);
  if (!read.ok) return null;
  const seconds = Math.floor(read.epochMs / 1000);
  return [read.year, seconds, (read.epochMs - seconds * 1000) * 1000 + read.micros, read.zoned];
}

describe('parseTimestamp', () => {
  test('says what Python says, of every string in the table', () => {
    expect(PYTHON.cases.length).toBeGreaterThan(1500);
    expect(PYTHON.cases.map(([text]) => [text, verdictOn(text)])).toEqual(PYTHON.cases);
  });

  test('reads what AsyncTaskFlow writes', () => {
    expect(parseTimestamp('2026-11-22T15:10:55.455220')).toEqual({
      ok: true,
      year: 2026,
      zoned: false,
      epochMs: Date.UTC(2026, 10, 22, 15, 10, 55, 455),
      micros: 220,
    });
    expect(parseTimestamp('2026-11-22T15:10:55Z')).toMatchObject({ ok: true, zoned: true, micros: 0 });
  });

  test('knows the year 1 by the year that is written, whatever the zone', () => {
    expect(parseTimestamp('0001-01-01T00:00:00')).toMatchObject({ ok: true, year: 1 });
    expect(parseTimestamp('0001-01-01T00:00:00+05:30')).toMatchObject({ ok: true, year: 1 });
  });

  test('counts milliseconds down to the whole one before 1970 too', () => {
    expect(parseTimestamp('1969-12-31T23:59:59.999999')).toMatchObject({ epochMs: -1, micros: 999 });
  });

  test('reads no lone surrogate, which no bytes decode to', () => {
    expect(parseTimestamp('2026-11-22\ud80015:10')).toEqual({ ok: false });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => {
        expect(typeof parseTimestamp(text).ok).toBe('boolean');
        expect(typeof parseTimestamp(`2026-11-22T15${text}`).ok).toBe('boolean');
      }),
    );
  });
});

describe('formatTimestamp', () => {
  test('leaves the microseconds out where they are zero', () => {
    expect(formatTimestamp(new Date('2026-11-22T15:10:55Z'))).toBe('2026-11-22T15:10:55');
    expect(formatTimestamp(new Date('2026-11-22T15:10:55.040Z'))).toBe('2026-11-22T15:10:55.040000');
    expect(formatTimestamp({ epochMs: 0, micros: 1 })).toBe('1970-01-01T00:00:00.000001');
    expect(formatTimestamp(new Date('0001-01-01T00:00:00Z'))).toBe('0001-01-01T00:00:00');
  });

  test('refuses what is no time of the years 1 to 9999', () => {
    for (const date of [new Date(Number.NaN), new Date('0000-12-31T23:59:59Z'), new Date(8.64e15)]) {
      expect(() => formatTimestamp(date)).toThrow(RangeError);
    }
  });

  test('writes what parseTimestamp reads back, for every moment', () => {
    const [min, max] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
    const epochMs = fc.integer({ min, max });
    fc.assert(
      fc.property(fc.record({ epochMs, micros: fc.integer({ min: 0, max: 999 }) }), (moment) => {
        expect(parseTimestamp(formatTimestamp(moment))).toMatchObject({ ok: true, zoned: false, ...moment });
      }),
    );
  });
});

test('unixSeconds is what the scheduled set scores by', () => {
  const read = parseTimestamp('2026-11-22T15:10:42.605676');
  expect(read.ok && unixSeconds(read)).toBe(1795360242.605676);
});
