import { unpackLzf } from './lzf.js';

/** The 2 bytes of version and 8 of checksum that end every dump. */
const FOOTER = 10;

/** Reads a dump from its start: lengths and strings as Redis' RDB format has them. Throws a RangeError past its end. */
export class DumpCursor {
  #at = 0;

  constructor(private readonly dump: Buffer) {
    if (dump.length <= FOOTER) throw new RangeError('too short for a dump');
  }

  /** True where nothing but the footer is left. */
  get atEnd(): boolean {
    return this.#at === this.dump.length - FOOTER;
  }

  byte(): number {
    return this.bytes(1).readUInt8();
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.dump.length - FOOTER) throw new RangeError('the dump ends too early');
    const bytes = this.dump.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  length(): number {
    const first = this.byte();
    if (first >= 0xc0) throw new RangeError('no length');
    return this.#lengthFrom(first);
  }

  /** A string: plain, a number written short, or compressed. */
  string(): Buffer {
    const first = this.byte();
    if (first === 0xc0) return Buffer.from(String(this.bytes(1).readInt8()));
    if (first === 0xc1) return Buffer.from(String(this.bytes(2).readInt16LE()));
    if (first === 0xc2) return Buffer.from(String(this.bytes(4).readInt32LE()));
    if (first === 0xc3) {
      const [packed, unpacked] = [this.length(), this.length()];
      return unpackLzf(this.bytes(packed), unpacked);
    }
    return this.bytes(this.#lengthFrom(first));
  }

  #lengthFrom(first: number): number {
    if (first < 0x40) return first;
    if (first < 0x80) return (first - 0x40) * 256 + this.byte();
    if (first === 0x80) return this.bytes(4).readUInt32BE();
    if (first === 0x81) return Number(this.bytes(8).readBigUInt64BE());
    throw new RangeError('no length');
  }
}
