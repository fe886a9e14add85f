import { AtfError } from '../errors.js';
import { withoutUrlLogin } from '../redis/redis-url.js';
import type { FlagDefinition, Tool } from './tool.js';

/** How a tool was started. */
export interface Invocation {
  /** The name of the tool. */
  name: string;
  env: NodeJS.ProcessEnv;
}

/** A command line that starts the tool as it was started: by npm, by npx, or by itself. Pure. */
export function commandLine({ name, env }: Invocation, words: readonly string[]): string {
  if (env.npm_command === 'exec') return ['npx', `@atf/${name}`, ...words].join(' ');
  if (env.npm_lifecycle_event !== name) return [name, ...words].join(' ');
  return ['npm', 'run', name, ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
}

/**
 * The command line that does what a dry run showed: without --dry-run, with a backup if the tool can make one. A login is cut out
 * of a URL. Pure.
 */
export function repairCommand<O, R>(
  { name, flags = {}, confirmFlag }: Tool<O, R>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): string {
  const isGiven = (flag: string) =>
    argv.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`));
  const words = [
    ...argv.filter((word) => word !== '--dry-run').map((word) => quoted(withoutUrlLogin(word))),
    ...(confirmFlag && !isGiven(confirmFlag) ? [`--${confirmFlag}`] : []),
    ...('backup' in flags && !isGiven('backup') ? ['--backup backups/'] : []),
  ];
  return commandLine({ name, env }, words);
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Flags of ours that are npm's as well. npm itself sets them, so that they say nothing about the tool. --quiet, --replace and
 * --no-color cannot be noticed either: npm passes them on under other names.
 */
const OWN_FLAGS_OF_NPM = new Set(['yes', 'scope', 'json', 'force', 'include', 'only']);

/**
 * Refuses a flag that npm kept because the `--` before it is missing. npm passes it on as `npm_config_dry_run`, and a run without
 * it would write. Pure.
 * @throws AtfError `USAGE`
 */
export function refuseFlagsKeptByNpm(
  invocation: Invocation,
  flags: Readonly<Record<string, FlagDefinition>>,
  isGiven: (flag: string) => boolean,
): void {
  const kept = Object.keys(flags).filter((flag) => {
    const value = invocation.env[`npm_config_${flag.replaceAll('-', '_')}`];
    const isSet = value !== undefined && !['', 'false', 'null'].includes(value);
    return isSet && !OWN_FLAGS_OF_NPM.has(flag) && !isGiven(flag);
  });
  if (kept.length === 0) return;
  const words = kept.map((flag) => (flags[flag]!.type === 'boolean' ? `--${flag}` : `--${flag} …`));
  throw new AtfError('USAGE', `npm kept ${words.join(' ')}, and the tool did not get it`, {
    why: 'npm takes the flags that stand before "--", or before the name of the package, for its own',
    hint: `Write: ${commandLine(invocation, words)}`,
  });
}
