/** A field as it was read: undefined if it is missing, `too-large` if it was not read. */
export type ArrayField = Buffer | undefined | 'too-large';

/** How to append to a field that holds a JSON array: the first `keep` bytes of the old text (0: none of it), then `text`. */
export interface Append {
  keep: number;
  text: string;
}

/**
 * How to append an entry to a JSON array in text form, so that the old text stays byte for byte. A field that is missing or
 * empty becomes an array of one. Undefined if the field is too large or not a JSON array: it is then left as it is, because
 * nothing may be lost. Pure.
 */
export function appendEntry(field: ArrayField, entry: string): Append | undefined {
  if (field === 'too-large') return undefined;
  if (!field || field.length === 0) return { keep: 0, text: `[${entry}]` };
  // As latin1, each character is a byte: only strings can hold others than ASCII, and they stay as they are.
  const text = field.toString('latin1');
  const array = jsonArray(text);
  if (!array) return undefined;
  return { keep: text.lastIndexOf(']'), text: array.length === 0 ? `${entry}]` : `, ${entry}]` };
}

function jsonArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
