const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A key or value as text without loss: itself where it is UTF-8, else with each byte that is no ASCII as `\xNN`
 * (and `\` doubled). It may hold control characters: what is shown to people goes through `plainText` as well.
 */
export function bytesText(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => {
      if (byte === 0x5c) return '\\\\';
      return byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    }).join('');
  }
}
