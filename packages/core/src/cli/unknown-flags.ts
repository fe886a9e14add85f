import { withoutLogin } from '../redis/redis-url.js';
import type { FlagDefinition } from './tool.js';

/**
 * Describes the first word that looks like a flag and is not one that --help lists. The argument parser accepts more: flags in
 * camel case, groups of letters, and hidden flags of its own that run the tool. Undefined: all flags are known. Pure.
 */
export function unknownFlag(
  argv: readonly string[],
  flags: Readonly<Record<string, FlagDefinition>>,
): string | undefined {
  const declared = Object.entries(flags).flatMap(([name, { alias = [] }]) => [name, ...alias]);
  const known = ['help', 'version', 'h', ...declared].map((name) =>
    name.length > 1 ? `--${name}` : `-${name}`,
  );
  const end = argv.indexOf('--');
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    const [typed] = word.split('=') as [string];
    if (!/^-\D/.test(word) || known.includes(typed)) continue;
    // A part of a URL with a login may stand before its "=".
    const shown = typed.includes('://') ? withoutLogin(word) : typed;
    const meant = nearest(typed, known);
    return `Unknown argument: ${shown}${meant ? `; did you mean ${meant}?` : ''}`;
  }
  return undefined;
}

/** The only flag that begins so, or the one that differs in at most two letters. */
function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = plain(typed);
  if (word.length < 3) return undefined;
  const [longer, another] = known.filter((flag) => plain(flag).startsWith(word));
  if (longer && !another) return longer;
  return known.find((flag) => distance(word, plain(flag)) <= 2);
}

const plain = (flag: string) => flag.toLowerCase().replace(/[-_]/g, '');

/** The Levenshtein distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const letter of one) {
    const next = [row[0]! + 1];
    for (let i = 1; i < row.length; i++)
      next.push(Math.min(row[i]! + 1, next[i - 1]! + 1, row[i - 1]! + (letter === other[i - 1] ? 0 : 1)));
    row = next;
  }
  return row[other.length]!;
}
