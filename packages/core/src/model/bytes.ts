const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Bytes that are written out at once: each takes some forty bytes of memory on the way. */
const PIECE = 65_536;

/**
 * A key or value as text without loss: itself if it is UTF-8, otherwise with each byte that is not ASCII as `\xNN`
 * (and `\` doubled). It may hold control characters: what is shown to people goes through `plainText` as well.
 */
export function bytesText(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    let text = '';
    for (let from = 0; from < bytes.length; from += PIECE)
      text += Array.from(bytes.subarray(from, from + PIECE), escaped).join('');
    return text;
  }
}

function escaped(byte: number): string {
  if (byte === 0x5c) return '\\\\';
  return byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
}
