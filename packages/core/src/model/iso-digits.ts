/** The character at a position. After the end it is `\0`, as in a C string. */
export function byteAt(text: string, at: number): string {
  return text[at] ?? '\0';
}

/** True for an ASCII digit. */
export function isDigitAt(text: string, at: number): boolean {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9;
}

/** The number that exactly `count` ASCII digits make. Undefined if one of them is not a digit. */
export function digitsAt(text: string, at: number, count: number): number | undefined {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    if (!isDigitAt(text, i)) return undefined;
    value = value * 10 + text.charCodeAt(i) - 48;
  }
  return value;
}
