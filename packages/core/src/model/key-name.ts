import { isUtf8 } from 'node:buffer';
import { bytesText } from './bytes.js';

/** How many characters of a name a report has. */
const LENGTH = 1_000;
/** More than so many characters of UTF-8 take, with room for a last one that is cut through. */
const ENOUGH_BYTES = 4 * LENGTH + 4;

/**
 * A key, an id or a value from Redis for a report: what `bytesText` writes, cut to 1,000 characters with `…` at its end.
 * Cost: however many megabytes it has, no more than its beginning is turned into text.
 */
export function keyName(bytes: Buffer): string {
  const text = bytes.length <= ENOUGH_BYTES ? bytesText(bytes) : beginning(bytes);
  if (text.length <= LENGTH) return text;
  return `${text.slice(0, LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** It is written as the whole would be: one byte at the very end can decide how. */
function beginning(bytes: Buffer): string {
  const some = bytes.subarray(0, ENOUGH_BYTES);
  if (isUtf8(bytes)) return some.toString();
  return isUtf8(some) ? bytesText(Buffer.concat([some, NO_UTF8])) : bytesText(some);
}

const NO_UTF8 = Buffer.from([0xff]);
