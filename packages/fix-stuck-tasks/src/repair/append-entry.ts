/** A field as it was read: undefined if it is missing, `too-large` if it was not read. */
export type ArrayField = Buffer | undefined | 'too-large';

/** How to append to a field with a JSON array: keep the first `keep` bytes of the old text, then write `text`. */
export interface Append {
  keep: number;
  text: string;
}

/**
 * Says how to append an entry to a JSON array without a change to the old bytes. A missing or empty field becomes an array of one
 * entry. Undefined if the field is too large or not a JSON array: it must stay as it is. Pure.
 */
export function appendEntry(field: ArrayField, entry: string): Append | undefined {
  if (field === 'too-large') return undefined;
  if (!field || field.length === 0) return { keep: 0, text: `[${entry}]` };
  // Read as latin1, each character is one byte, so the result of lastIndexOf is a number of bytes.
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
