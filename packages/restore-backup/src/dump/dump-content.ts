import { DumpCursor } from './dump-cursor.js';
import { listpackElements } from './listpack.js';

/** What a dump holds, whatever the encoding: hashes and sorted sets as pairs, all but lists in no order. */
export type DumpContent =
  | { kind: 'string' | 'list' | 'set'; elements: Buffer[] }
  | { kind: 'hash' | 'zset'; pairs: [Buffer, Buffer][] };

type Reader = (dump: DumpCursor) => DumpContent;

/** Readers by the type that begins a dump: those of Redis 7, and of 6.2 where it has no ziplist in it. */
const READERS: Partial<Record<number, Reader>> = {
  0: (dump) => ({ kind: 'string', elements: [dump.string()] }),
  2: (dump) => ({ kind: 'set', elements: times(dump.length(), () => dump.string()) }),
  4: (dump) => ({ kind: 'hash', pairs: times(dump.length(), () => [dump.string(), dump.string()]) }),
  5: (dump) => ({
    kind: 'zset',
    pairs: times(dump.length(), () => [dump.string(), score(dump.bytes(8).readDoubleLE())]),
  }),
  11: (dump) => ({ kind: 'set', elements: intsetElements(dump.string()) }),
  16: (dump) => ({ kind: 'hash', pairs: pairsOf(listpackElements(dump.string())) }),
  17: (dump) => ({
    kind: 'zset',
    pairs: pairsOf(listpackElements(dump.string())).map(([member, text]) => [member, score(numberOf(text))]),
  }),
  18: (dump) => ({ kind: 'list', elements: times(dump.length(), () => quicklistNode(dump)).flat() }),
  20: (dump) => ({ kind: 'set', elements: listpackElements(dump.string()) }),
};

/** Reads a dump; undefined where its type is not known here (streams, modules), or it is none. */
export function dumpContent(dump: Buffer): DumpContent | undefined {
  try {
    const cursor = new DumpCursor(dump);
    const content = READERS[cursor.byte()]?.(cursor);
    return cursor.atEnd ? content : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function times<T>(count: number, read: () => T): T[] {
  const values: T[] = [];
  for (let i = 0; i < count; i++) values.push(read());
  return values;
}

function pairsOf(elements: Buffer[]): [Buffer, Buffer][] {
  if (elements.length % 2 === 1) throw new RangeError('half a pair');
  return Array.from({ length: elements.length / 2 }, (_, i) => [elements[i * 2]!, elements[i * 2 + 1]!]);
}

function quicklistNode(dump: DumpCursor): Buffer[] {
  const isPlain = dump.length() === 1;
  const node = dump.string();
  return isPlain ? [node] : listpackElements(node);
}

function intsetElements(set: Buffer): Buffer[] {
  const width = set.readUInt32LE(0);
  const count = set.readUInt32LE(4);
  if (![2, 4, 8].includes(width) || set.length !== 8 + count * width) throw new RangeError('no intset');
  return Array.from({ length: count }, (_, i) => {
    const at = 8 + i * width;
    return Buffer.from(String(width === 8 ? set.readBigInt64LE(at) : set.readIntLE(at, width)));
  });
}

/** Redis writes `inf`, `-inf` and decimals; all else is a number to both. */
function numberOf(text: Buffer): number {
  return Number(text.toString().replace('inf', 'Infinity'));
}

/** A score in one form, whichever way it was written. */
function score(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
