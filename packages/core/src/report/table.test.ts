import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { table } from './table.js';

const COLUMNS = [
  { heading: 'State', width: 7 },
  { heading: 'Old', width: 3 },
];

describe('a table', () => {
  test('has its headings, a line of dashes, and its rows, without blanks at the ends', () => {
    expect(
      table(COLUMNS, [
        ['ACTIVE', '1'],
        ['DLQ', ''],
      ]),
    ).toEqual(['State   Old', '------- ---', 'ACTIVE  1', 'DLQ']);
  });

  test('without rows is its head', () => {
    expect(table(COLUMNS, [])).toEqual(['State   Old', '------- ---']);
  });

  test('grows with what is in it, and keeps its columns under one another', () => {
    const cell = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        const [, dashes, ...lines] = table(COLUMNS, rows);
        const second = dashes!.indexOf(' ') + 1;
        expect(lines.map((line) => [line.slice(0, second).trimEnd(), line.slice(second)])).toEqual(rows);
      }),
    );
  });
});
