/** A command or a reply, whole and as it was sent. */
export interface Frame {
  bytes: Buffer;
  /** True for what the server sends unasked (RESP3): it answers no command. */
  push: boolean;
}

const CR = 0x0d;
/** How many parts an element of an aggregate has. */
const PARTS: Record<string, number> = { '*': 1, '~': 1, '>': 1, '%': 2, '|': 2 };
const BULKS = '$!=';
/** As many words tell what a command is about. */
const MAX_WORDS = 8;

/**
 * Cuts a stream of RESP2 or RESP3 into its top-level frames, however it is chunked. Understands lengths and nothing else, and
 * costs a few operations an element; a large string is passed over.
 */
export class RespFrames {
  #parts: Buffer[] = [];
  #line: Buffer[] = [];
  /** Elements that the frame under way still lacks. */
  #missing = 1;
  /** Bytes of a bulk string that are still to come, its end of line included. */
  #bulk = 0;
  #push = false;
  #begun = false;

  /** Takes a chunk, and returns the frames that it completes. */
  take(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let start = 0;
    let at = 0;
    while (at < chunk.length) {
      at = this.#bulk > 0 ? this.#skipBulk(chunk, at) : this.#readLine(chunk, at);
      if (this.#bulk > 0 || this.#missing > 0) continue;
      frames.push({ bytes: Buffer.concat([...this.#parts, chunk.subarray(start, at)]), push: this.#push });
      this.#parts = [];
      this.#missing = 1;
      this.#begun = false;
      start = at;
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
    return frames;
  }

  #skipBulk(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#bulk, chunk.length - at);
    this.#bulk -= skipped;
    if (this.#bulk === 0) this.#missing--;
    return at + skipped;
  }

  /** Reads a line up to its end, CR LF, which may come in two chunks. */
  #readLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(0x0a, at);
    const next = end < 0 ? chunk.length : end + 1;
    this.#line.push(chunk.subarray(at, next));
    if (end < 0) return next;
    const line = Buffer.concat(this.#line.splice(0));
    this.#count(line.subarray(0, line[line.length - 2] === CR ? -2 : -1).toString('latin1'));
    return next;
  }

  #count(line: string): void {
    const kind = line[0] ?? '';
    const length = Number(line.slice(1));
    if (!this.#begun) this.#push = kind === '>';
    this.#begun = true;
    if (BULKS.includes(kind) && length >= 0) this.#bulk = length + 2;
    else if (kind in PARTS && length > 0) this.#missing += length * PARTS[kind]! - (kind === '|' ? 0 : 1);
    else this.#missing--;
  }
}

/** The first words of a command as a client sends it: an array of bulk strings. Empty for anything else. */
export function wordsOf({ bytes }: Pick<Frame, 'bytes'>): string[] {
  const words: string[] = [];
  let at = bytes.indexOf('\r\n') + 2;
  while (words.length < MAX_WORDS && at < bytes.length && bytes[at] === 0x24) {
    const end = bytes.indexOf('\r\n', at);
    const length = Number(bytes.subarray(at + 1, end).toString());
    words.push(bytes.subarray(end + 2, end + 2 + length).toString('latin1'));
    at = end + 2 + length + 2;
  }
  return words;
}
