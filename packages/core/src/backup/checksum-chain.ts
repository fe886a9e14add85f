import { createHash } from 'node:crypto';

const BEFORE = ',"sum":"';
const AFTER = '"}';
const LENGTH = 32;
const SUFFIX_LENGTH = BEFORE.length + LENGTH + AFTER.length;

/**
 * Checksums for the lines of a backup, in their order. Each covers its line and all lines before it, so a line that is
 * changed, missing, repeated or moved shows. They protect against damage, and not against somebody who forges a backup.
 */
export class ChecksumChain {
  #last = '';

  /** Adds a checksum to the JSON text of an object, as its last field `sum`. */
  seal(json: string): string {
    const body = json.slice(0, -1);
    return `${body}${BEFORE}${this.#next(Buffer.from(body))}${AFTER}`;
  }

  /** Takes the checksum off a line again. Undefined: it is wrong. */
  open(line: Buffer): string | undefined {
    const end = line.length - SUFFIX_LENGTH;
    if (end <= 0) return undefined;
    const body = line.subarray(0, end);
    const isRight = line.subarray(end).equals(Buffer.from(`${BEFORE}${this.#next(body)}${AFTER}`));
    return isRight ? `${body.toString()}}` : undefined;
  }

  #next(body: Buffer): string {
    const hash = createHash('sha256').update(this.#last).update(body);
    this.#last = hash.digest('hex').slice(0, LENGTH);
    return this.#last;
  }
}
