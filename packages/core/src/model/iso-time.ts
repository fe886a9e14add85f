import { byteAt, digitsAt, isDigitAt } from './iso-digits.js';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A time of day with its zone; both in microseconds. */
export interface IsoTime {
  /** Since midnight, in its own zone. */
  sinceMidnight: number;
  /** East of UTC. Undefined if no zone is written. */
  offset: number | undefined;
}

interface Clock {
  hour: number;
  minute: number;
  second: number;
  micros: number;
  /** True if the whole text was used. */
  complete: boolean;
}

/**
 * Reads `HH`, `HH:MM`, `HHMM`, `HH:MM:SS` or `HHMMSS`, a fraction and a zone, from a position to the end of the text.
 * Undefined if the text is not a time. C's parser accepts more than its documentation says, and so does this: the hour may have
 * a fraction, a zone's minutes may exceed 59, a zone may follow characters that it skips.
 * Source: Python 3.11, `parse_isoformat_time` in Modules/_datetimemodule.c.
 */
export function readTime(text: string, start: number): IsoTime | undefined {
  const zone = zonePosition(text, start);
  const clock = readClock(text, start, zone);
  if (clock === undefined || clock.hour > 23 || clock.minute > 59 || clock.second > 59) return undefined;
  const sinceMidnight = secondsPart(clock) + clock.micros;
  if (zone === text.length) return clock.complete ? { sinceMidnight, offset: undefined } : undefined;
  const offset = readOffset(text, zone);
  return offset === undefined ? undefined : { sinceMidnight, offset };
}

function zonePosition(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const byte = text[at];
    if (byte === 'Z' || byte === '+' || byte === '-') return at;
  }
  return text.length;
}

function readOffset(text: string, zone: number): number | undefined {
  if (text[zone] === 'Z') return byteAt(text, zone + 1) === '\0' ? 0 : undefined;
  const clock = readClock(text, zone + 1, text.length);
  if (!clock?.complete) return undefined;
  const seconds = secondsPart(clock);
  if (seconds === 0) return 0; // as in C, whatever the fraction
  const offset = seconds + clock.micros;
  if (offset >= 24 * HOUR) return undefined;
  return text[zone] === '-' ? -offset : offset;
}

const secondsPart = ({ hour, minute, second }: Clock) => hour * HOUR + minute * MINUTE + second * SECOND;

/** `parse_hh_mm_ss_ff`. It ends at the first missing digit. It may read after `end`, but there are no digits there. */
function readClock(text: string, start: number, end: number): Clock | undefined {
  const parts: [number, number, number] = [0, 0, 0];
  const clock = (micros: number, complete: boolean): Clock => {
    return { hour: parts[0], minute: parts[1], second: parts[2], micros, complete };
  };
  let at = start;
  let colons = false;
  for (let i = 0; i < 3; i++) {
    const part = digitsAt(text, at, 2);
    if (part === undefined) return undefined;
    parts[i] = part;
    const next = byteAt(text, at + 2);
    at += 3;
    if (i === 0) colons = next === ':';
    if (at >= end) return clock(0, next === '\0');
    if (colons && next === ':') continue;
    if (next === '.' || next === ',') break;
    if (colons) return undefined;
    at--;
  }
  const length = Math.min(end - at, 6);
  const fraction = digitsAt(text, at, length);
  if (fraction === undefined) return undefined;
  at += length;
  while (isDigitAt(text, at)) at++;
  return clock(fraction * 10 ** (6 - length), byteAt(text, at) === '\0');
}
