import { readDate, separatorPosition } from './iso-date.js';
import { readTime } from './iso-time.js';

/** A moment, exact to the microsecond for every year that Python knows. */
export interface Moment {
  /** Whole milliseconds since 1970, UTC, rounded down: set against `Date.getTime()` for an age. */
  epochMs: number;
  /** The microseconds beyond them, 0 to 999. */
  micros: number;
}

/** A timestamp that could be read. */
export interface ReadTimestamp extends Moment {
  ok: true;
  /** The calendar year in the timestamp's own zone. 1 is Python's `datetime.min`: a missing date. */
  year: number;
  /** False if no zone is written. Such a timestamp is in UTC. */
  zoned: boolean;
}

export type Timestamp = ReadTimestamp | { ok: false };

/** A lone surrogate. No UTF-8 decodes to one. */
const SURROGATE = /\p{Cs}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is ASCII too
const ASCII = /^[\x00-\x7f]*$/;
const UNREADABLE: Timestamp = { ok: false };

/**
 * Reads a timestamp exactly as Python 3.11's `datetime.fromisoformat` does, undocumented forms included. If Python raises an
 * error, the result is `{ ok: false }`. Without a zone it is UTC, as AsyncTaskFlow means it. Never throws.
 */
export function parseTimestamp(text: string): Timestamp {
  const bytes = utf8Of(text);
  if (bytes === undefined) return UNREADABLE;
  const separator = separatorPosition(bytes);
  const date = readDate(bytes, separator);
  if (date === undefined) return UNREADABLE;
  const { year } = date;
  if (bytes.length <= separator) return { ok: true, year, zoned: false, epochMs: date.epochMs, micros: 0 };
  const time = readTime(bytes, separator + separatorWidth(bytes.charCodeAt(separator)));
  if (time === undefined) return UNREADABLE;
  const micros = time.sinceMidnight - (time.offset ?? 0);
  const ms = Math.floor(micros / 1000);
  return {
    ok: true,
    year,
    zoned: time.offset !== undefined,
    epochMs: date.epochMs + ms,
    micros: micros - ms * 1000,
  };
}

/**
 * Writes a moment as AsyncTaskFlow does, by Python's `datetime.utcnow().isoformat()`: UTC, no zone, six digits of
 * microseconds, which are absent if they are zero.
 * @throws RangeError outside the years 1 to 9999
 */
export function formatTimestamp(moment: Date | Moment): string {
  const date = moment instanceof Date ? moment : new Date(moment.epochMs);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new RangeError(`no timestamp of the years 1 to 9999: ${year}`);
  const fraction = date.getUTCMilliseconds() * 1000 + (moment instanceof Date ? 0 : moment.micros);
  const seconds = date.toISOString().slice(0, 19);
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(6, '0')}`;
}

/** A moment as Unix time in seconds, Python's `datetime.timestamp()`: the score of a member of `tasks:scheduled`. */
export function unixSeconds({ epochMs, micros }: Moment): number {
  return (epochMs * 1000 + micros) / 1_000_000;
}

/** The text's UTF-8, a byte per character: C's parser counts in bytes. */
function utf8Of(text: string): string | undefined {
  if (ASCII.test(text)) return text;
  return SURROGATE.test(text) ? undefined : Buffer.from(text).toString('latin1');
}

/** How many bytes the character takes that begins with this one. */
function separatorWidth(first: number): number {
  if (first < 0x80) return 1;
  if ((first & 0xf0) === 0xe0) return 3;
  return (first & 0xf0) === 0xf0 ? 4 : 2;
}
