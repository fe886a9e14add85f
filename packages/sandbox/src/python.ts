/** Values as Python writes them: AsyncTaskFlow is a Python program, and its data shows it. */

/** A moment in microseconds since 1970, UTC. An integer, exact in a double until the year 2255. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;

export const microsOf = (date: Date): Micros => date.getTime() * 1000;

const DAY: Micros = 86_400 * SECOND;
const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
let cachedDay = Number.NaN;
let cachedDate = '';

/** `datetime.utcnow().isoformat()`: no zone, six digits of microseconds, which are absent when they are zero. */
export function isoformat(at: Micros): string {
  const day = Math.floor(at / DAY);
  if (day !== cachedDay) {
    cachedDay = day;
    cachedDate = new Date(day * 86_400_000).toISOString().slice(0, 10);
  }
  const ofDay = at - day * DAY;
  const second = Math.floor(ofDay / SECOND);
  const micros = ofDay - second * SECOND;
  const minute = Math.floor(second / 60);
  const time = `${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}`;
  const fraction = micros === 0 ? '' : `.${String(SECOND + micros).slice(1)}`;
  return `${cachedDate}T${time}${fraction}`;
}

/** `datetime.fromtimestamp(seconds)`, to the nearest microsecond. */
export const fromTimestamp = (seconds: number): Micros => Math.round(seconds * SECOND);

/** `str(time.time())`: seconds with the shortest digits that give the same double, as JavaScript prints it too. */
export const pyFloat = (seconds: number): string =>
  Number.isInteger(seconds) ? `${seconds}.0` : String(seconds);

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** `json.dumps(value)`: `", "` and `": "` between items, everything outside printable ASCII by its code, as `\u00e9`. */
export function pyJson(value: Json): string {
  if (typeof value === 'string') return pyJsonString(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(pyJson).join(', ')}]`;
  const items = Object.entries(value).map(([key, item]) => `${pyJsonString(key)}: ${pyJson(item)}`);
  return `{${items.join(', ')}}`;
}

const NOT_ASCII = /[\u007f-\uffff]/;
const EACH_NOT_ASCII = /[\u007f-\uffff]/g;
const escapeChar = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

function pyJsonString(text: string): string {
  const quoted = JSON.stringify(text);
  return NOT_ASCII.test(quoted) ? quoted.replace(EACH_NOT_ASCII, escapeChar) : quoted;
}
