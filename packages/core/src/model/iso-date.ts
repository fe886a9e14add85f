import { byteAt, digitsAt, isDigitAt } from './iso-digits.js';

const DAY_MS = 86_400_000;
/** 400 years of the Gregorian calendar. Date.UTC takes the years 0 to 99 for 1900 to 1999; shifted, it does not. */
const CYCLE_MS = 146_097 * DAY_MS;
const MAX_YEAR = 9999;

/** A calendar day. */
export interface IsoDate {
  /** 1 to 9999. */
  year: number;
  /** Milliseconds since 1970, UTC, of its first moment. */
  epochMs: number;
}

/**
 * The position of the character that separates the date from the time. Some strings are ambiguous, because dates have basic,
 * extended and week forms of several lengths. This decides as `_find_isoformat_datetime_separator` does.
 * Source: Python 3.11, Modules/_datetimemodule.c.
 */
export function separatorPosition(text: string): number {
  if (text.length === 7) return 7;
  if (text[4] === '-') {
    if (text[5] !== 'W') return 10;
    if (text[8] !== '-') return 8;
    return isDigitAt(text, 10) ? 8 : 10;
  }
  if (text[4] !== 'W') return 8;
  let end = 7;
  while (isDigitAt(text, end)) end++;
  if (end < 9) return end;
  return end % 2 === 0 ? 7 : 8;
}

/**
 * Reads `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-Www`, `YYYY-Www-D`, `YYYYWww` or `YYYYWwwD` at the beginning of the text.
 * Undefined if the text does not begin with a date, or if there is no such day. `end` is the position of its separator.
 */
export function readDate(text: string, end: number): IsoDate | undefined {
  const year = digitsAt(text, 0, 4);
  if (year === undefined) return undefined;
  const dash = byteAt(text, 4) === '-' ? 1 : 0;
  let at = 4 + dash;
  if (byteAt(text, at) === 'W') return readWeekDate(text, { year, at: at + 1, dash, end });
  const month = digitsAt(text, at, 2);
  at += 2;
  if (dash === 1 && byteAt(text, at) !== '-') return undefined;
  const day = digitsAt(text, at + dash, 2);
  if (month === undefined || day === undefined) return undefined;
  return dateOf(year, month, day);
}

function readWeekDate(
  text: string,
  { year, at, dash, end }: { year: number; at: number; dash: 0 | 1; end: number },
): IsoDate | undefined {
  const week = digitsAt(text, at, 2);
  if (week === undefined) return undefined;
  if (at + 2 >= end) return weekDateOf(year, week, 1);
  if (dash === 1 && byteAt(text, at + 2) !== '-') return undefined;
  const weekday = digitsAt(text, at + 2 + dash, 1);
  return weekday === undefined ? undefined : weekDateOf(year, week, weekday);
}

function dateOf(year: number, month: number, day: number): IsoDate | undefined {
  if (year < 1 || month < 1 || month > 12) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  return { year, epochMs: Date.UTC(year + 400, month - 1, day) - CYCLE_MS };
}

function weekDateOf(year: number, week: number, weekday: number): IsoDate | undefined {
  if (year < 1 || weekday < 1 || weekday > 7) return undefined;
  const first = mondayOfWeek1(year);
  if (week < 1 || first + (week - 1) * 7 * DAY_MS >= mondayOfWeek1(year + 1)) return undefined;
  const epochMs = first + ((week - 1) * 7 + weekday - 1) * DAY_MS;
  const calendarYear = new Date(epochMs).getUTCFullYear();
  return calendarYear > MAX_YEAR ? undefined : { year: calendarYear, epochMs };
}

/** Week 1 is the one with January 4. */
function mondayOfWeek1(year: number): number {
  const january4 = Date.UTC(year + 400, 0, 4) - CYCLE_MS;
  return january4 - ((new Date(january4).getUTCDay() + 6) % 7) * DAY_MS;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
