/** The few types of ASN.1's DER that a certificate is made of. Each function returns a whole element. */

export function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.from(content.length.toString(16).padStart(4, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x82]), length, content]);
}

export const sequence = (...parts: readonly Buffer[]) => element(0x30, ...parts);
export const octets = (content: Buffer) => element(0x04, content);
export const bits = (content: Buffer) => element(0x03, Buffer.from([0]), content);
export const yes = () => element(0x01, Buffer.from([0xff]));
export const integer = (content: Buffer) => element(0x02, content);
export const text = (content: string) => element(0x0c, Buffer.from(content));

/** Seconds, two digits of the year. */
export function time(at: Date): Buffer {
  return element(0x17, Buffer.from(at.toISOString().replace(/^..|[-:T]|\.\d+/g, '')));
}

export function objectId(name: string): Buffer {
  const [first = 0, second = 0, ...rest] = name.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(sevenBits)]));
}

function sevenBits(part: number): number[] {
  const bytes = [part & 0x7f];
  for (let left = part >>> 7; left > 0; left >>>= 7) bytes.unshift(0x80 | (left & 0x7f));
  return bytes;
}
