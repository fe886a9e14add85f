import { withoutLogin } from '../redis/redis-url.js';
import { nearest } from './nearest.js';
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
    // The text before its "=" may be a part of a URL with a login.
    const shown = typed.includes('://') ? withoutLogin(word) : typed;
    const meant = nearest(typed, known);
    return `Unknown argument: ${shown}${meant ? `; did you mean ${meant}?` : ''}`;
  }
  return undefined;
}
