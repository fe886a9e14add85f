/** Writes an object like Python's `json.dumps`, as AsyncTaskFlow does: `", "` and `": "` between items, ASCII only. */
export function pythonJson(value: Readonly<Record<string, string | number>>): string {
  const items = Object.entries(value).map(([name, item]) => `${pythonString(name)}: ${pythonItem(item)}`);
  return `{${items.join(', ')}}`;
}

/** A string as `json.dumps` writes it. */
export function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const pythonItem = (item: string | number) => (typeof item === 'string' ? pythonString(item) : String(item));
