import type { KeyRecord, Redis } from '@atf/core';

/** What this server says of dumps of one version. Undefined: it did not say. */
type Answer = { refusal: string | undefined } | undefined;

/** Bytes behind the content of a dump: two for the version of its format, eight for its checksum. */
const FOOTER = 10;

/**
 * Finds out, for a dry run, which dumps the server can load. It asks once for each version of the format: with a `RESTORE` that
 * has expired already, so that the server checks the dump and stores nothing.
 */
export class LoadableDumps {
  /** False: the server did not answer for some dump, as without the permission for `RESTORE`. */
  allChecked = true;
  readonly #answers = new Map<number, Promise<Answer>>();

  constructor(private readonly client: Redis) {}

  /** What the server would say against this dump; undefined: nothing, as far as it is known. */
  async refusalOf({ dump }: KeyRecord): Promise<string | undefined> {
    const bytes = Buffer.from(dump.slice(-16), 'base64');
    if (bytes.length < FOOTER) return 'the dump is too short';
    const version = bytes.readUInt16LE(bytes.length - FOOTER);
    const known = this.#answers.get(version) ?? this.#ask(version);
    this.#answers.set(version, known);
    const answer = await known;
    if (!answer) this.allChecked = false;
    return answer?.refusal;
  }

  async #ask(version: number): Promise<Answer> {
    const expired = ['1', dumpOfVersion(version), 'ABSTTL'];
    try {
      await this.client.sendCommand<unknown>(['RESTORE', 'atf:restore-probe', ...expired]);
      return { refusal: undefined };
    } catch (error) {
      const { message } = error as Error;
      return message.includes('DUMP payload') ? { refusal: message } : undefined;
    }
  }
}

/** The dump of a short string, as a server with this version of the format writes it. Pure. */
export function dumpOfVersion(version: number): Buffer {
  const content = Buffer.from([0, 1, 0x78, version & 0xff, version >> 8]); // string, 1 byte long, 'x'
  const checksum = Buffer.alloc(8);
  checksum.writeBigUInt64LE(crc64(content));
  return Buffer.concat([content, checksum]);
}

/** CRC-64 as Redis computes it (Jones' polynomial, reflected). */
function crc64(bytes: Buffer): bigint {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n;
  }
  return crc;
}
