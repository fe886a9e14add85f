const HEADER = 6;
const END = 0xff;

/** The elements of a listpack, in order; numbers as the text that they stand for. Throws a RangeError where it is none. */
export function listpackElements(pack: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  let at = HEADER;
  while (pack.readUInt8(at) !== END) {
    const { element, size } = elementAt(pack, at);
    elements.push(element);
    at += size + backLengthSize(size);
  }
  return elements;
}

/** An element, and how many bytes its head and content take. */
function elementAt(pack: Buffer, at: number): { element: Buffer; size: number } {
  const head = pack.readUInt8(at);
  if (head < 0x80) return number(head, 1);
  if (head < 0xc0) return text(pack, at + 1, { head: 1, length: head & 0x3f });
  if (head < 0xe0) {
    const raw = ((head & 0x1f) << 8) | pack.readUInt8(at + 1);
    return number(raw >= 0x1000 ? raw - 0x2000 : raw, 2);
  }
  if (head < 0xf0)
    return text(pack, at + 2, { head: 2, length: ((head & 0x0f) << 8) | pack.readUInt8(at + 1) });
  if (head === 0xf0) return text(pack, at + 5, { head: 5, length: pack.readUInt32LE(at + 1) });
  if (head === 0xf1) return number(pack.readInt16LE(at + 1), 3);
  if (head === 0xf2) return number(pack.readIntLE(at + 1, 3), 4);
  if (head === 0xf3) return number(pack.readInt32LE(at + 1), 5);
  if (head === 0xf4) return number(pack.readBigInt64LE(at + 1), 9);
  throw new RangeError('no listpack');
}

function number(value: number | bigint, size: number): { element: Buffer; size: number } {
  return { element: Buffer.from(String(value)), size };
}

function text(pack: Buffer, from: number, { head, length }: { head: number; length: number }) {
  if (from + length >= pack.length) throw new RangeError('no listpack');
  return { element: pack.subarray(from, from + length), size: head + length };
}

/** After each element stands how long it is, for walking backwards: seven bits a byte. */
function backLengthSize(size: number): number {
  if (size < 1 << 7) return 1;
  if (size < 1 << 14) return 2;
  if (size < 1 << 21) return 3;
  return size < 1 << 28 ? 4 : 5;
}
