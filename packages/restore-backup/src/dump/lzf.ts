/** Unpacks what Redis compressed by LZF. Throws a RangeError where that is no such data. */
export function unpackLzf(packed: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  let from = 0;
  let to = 0;
  while (from < packed.length) {
    const control = packed.readUInt8(from++);
    if (control < 32) {
      to += packed.copy(out, to, from, from + control + 1);
      from += control + 1;
      continue;
    }
    const long = control >> 5 === 7;
    const run = (control >> 5) + (long ? packed.readUInt8(from++) : 0) + 2;
    const back = ((control & 31) << 8) + packed.readUInt8(from++) + 1;
    if (back > to || to + run > length) throw new RangeError('no LZF data');
    // Byte by byte: a run may overlap with what it repeats.
    for (let i = 0; i < run; i++, to++) out[to] = out[to - back]!;
  }
  if (to !== length) throw new RangeError('no LZF data');
  return out;
}
