import { stripVTControlCharacters } from 'node:util';

/**
 * Wraps lines at words, with the indentation of the line and of its list mark. A word that is wider than the width is not
 * broken, because it may be a key. Tables stay as they are: the line above a line of dashes, and the lines below it up to
 * a blank one. Pure.
 */
export function wrapLines(lines: readonly string[], width: number): string[] {
  let inTable = false;
  return lines.flatMap((line, i) => {
    inTable = isRule(lines[i + 1]) || (inTable && line.trim() !== '');
    return inTable ? [line] : wrapLine(line, width);
  });
}

const isRule = (line = '') => /^\s*--+( --+)+$/.test(line);

function wrapLine(line: string, width: number): string[] {
  const [indent] = /^\s*([-•] |\d+(\. | {2,}))?/.exec(stripVTControlCharacters(line))!;
  const wrapped: string[] = [];
  let current: string | undefined;
  for (const word of line.split(' ')) {
    const longer = current === undefined ? word : `${current} ${word}`;
    if (current !== undefined && widthOf(current) > indent.length && widthOf(longer) > width) {
      wrapped.push(current);
      current = `${' '.repeat(indent.length)}${word}`;
    } else current = longer;
  }
  return [...wrapped, current ?? ''];
}

/** Columns on a terminal: an emoji takes two. */
function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text).replaceAll('\ufe0f', '');
  return [...plain].length + (plain.match(/\p{Extended_Pictographic}/gu)?.length ?? 0);
}
