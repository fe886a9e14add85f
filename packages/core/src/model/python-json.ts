/**
 * Reads JSON as Python's `json` does, which also knows `NaN`, `Infinity` and `-Infinity`; these become null. Undefined for a
 * text that Python does not read either. Never throws, and nothing in it recurses. Cost: O(length).
 */
export function parsePythonJson(text: string): unknown {
  const strict = parse(text);
  if (strict !== undefined || !/NaN|Infinity/.test(text)) return strict;
  return parse(withoutNonFinite(text));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The text with null for each number that is not finite. Strings stay as they are. */
function withoutNonFinite(text: string): string {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const quote = text.indexOf('"', from);
    const end = quote < 0 ? text.length : quote;
    parts.push(text.slice(from, end).replace(/-?Infinity|NaN/g, 'null'));
    from = quote < 0 ? end : endOfString(text, quote);
    parts.push(text.slice(end, from));
  }
  return parts.join('');
}

function endOfString(text: string, quote: number): number {
  for (let i = quote + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}
