// Control characters, and what turns the direction of text around.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text from Redis, safe to draw on a terminal: each control character becomes `�`, and what is longer than `length`
 * characters is cut, with `…` at its end.
 */
export function plainText(text: string, length = 120): string {
  // A value may have megabytes: shorten it before it is split into characters.
  const characters = [...text.slice(0, (length + 1) * 2).replace(UNPRINTABLE, '\ufffd')];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}

/** A value as a JSON document that is as safe to draw, and loses nothing: what is not printed is written as `\u001b` is. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
