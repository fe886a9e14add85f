import { expect } from '@jest/globals';

/** What must not reach a terminal: control characters but for the end of a line, what turns text around, broken UTF-8. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const LONGEST_LINE = 2_000;

/** Text as it may be drawn on any terminal. */
export function expectPrintable(text: string): void {
  expect(UNPRINTABLE.exec(text)?.[0].codePointAt(0)).toBeUndefined();
}

/** Text for people: as it may be drawn on any terminal, in lines that have an end. */
export function expectPlain(text: string): void {
  expectPrintable(text);
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(LONGEST_LINE);
}
