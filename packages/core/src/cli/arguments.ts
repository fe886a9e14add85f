import { readFileSync } from 'node:fs';
import { AtfError } from '../errors.js';
import type { SentinelLogin } from '../redis/connect-server.js';
import type { Pace } from '../redis/pace.js';
import { DEFAULT_REDIS_URL, withoutLogin } from '../redis/redis-url.js';
import type { Mode } from '../report/report.js';
import { refuseFlagsKeptByNpm } from './command-line.js';
import { parseDuration } from './duration.js';
import { flagsOf } from './flags.js';
import { moreHelp, parserOf } from './help.js';
import type { FlagValues, Tool } from './tool.js';
import { unknownFlag } from './unknown-flags.js';
import { usageMessage } from './usage-message.js';

/** What a command line says. */
export interface Arguments {
  redisUrl: string;
  mode: Mode;
  json: boolean;
  quiet: boolean;
  noColor: boolean;
  maxRuntimeMs: number | undefined;
  /** How long to wait for another tool's maintenance lock. */
  lockWaitMs: number | undefined;
  /** Where to write the metrics. */
  metricsFile: string | undefined;
  pace: Pace;
  /** The login of the Sentinels, which is not in the URL. */
  sentinelLogin: SentinelLogin | undefined;
  flags: FlagValues;
}

/** The arguments, or a text to print instead of working: the help or the version. */
export type ParsedArguments = { text: string } | Arguments;

/** The environment of a command line. */
export interface CommandLineContext {
  env: NodeJS.ProcessEnv;
  /** The width of the terminal. Undefined: the output is no terminal. */
  columns?: number | undefined;
}

/**
 * Reads a command line.
 * @throws AtfError `USAGE` for unknown flags, flags without their value, flags given twice, contradictions
 */
export async function parseArguments<O, R>(
  tool: Tool<O, R>,
  argv: readonly string[],
  { env, columns }: CommandLineContext,
): Promise<ParsedArguments> {
  const flags = flagsOf(tool);
  const seeHelp = `See ${tool.name} --help.`;
  const unknown = unknownFlag(argv, flags);
  if (unknown) throw usage(unknown, seeHelp);
  let text = '';
  const values: FlagValues = await parserOf(tool, versionOf(tool.moduleUrl), columns)
    .fail((failure, error) => {
      const { message, hint = seeHelp } = usageMessage(failure ?? error.message);
      throw usage(message, hint);
    })
    .parse([...argv], {}, (_error, _values, output) => {
      text = output;
    });
  if (values.help) return { text: `${text}\n\n${moreHelp(tool, columns)}` };
  if (values.version) return { text };
  refuseWhatYargsDrops(tool, argv, values);
  const repeated = Object.keys(flags).find(
    (name) => flags[name]!.type !== 'array' && Array.isArray(values[name]),
  );
  if (repeated) throw usage(`--${repeated} is given twice`, 'Give it once.');
  refuseFlagsKeptByNpm({ name: tool.name, env }, flags, (flag) => typedAfter(flag, argv) !== undefined);
  return {
    redisUrl: redisUrlOf(values, env),
    mode: modeOf(tool, values),
    json: values.json === true,
    quiet: values.quiet === true,
    noColor: values.noColor === true,
    maxRuntimeMs: durationOf(values.maxRuntime, '--max-runtime'),
    lockWaitMs: durationOf(values.wait, '--wait'),
    metricsFile: values.metricsFile as string | undefined,
    pace: (values.pace as Pace | undefined) ?? 'auto',
    sentinelLogin: sentinelLoginOf(env),
    flags: values,
  };
}

function modeOf<O, R>({ readOnly, confirmFlag }: Tool<O, R>, values: FlagValues): Mode {
  if (values.check) return 'check';
  if (values.dryRun) return 'dry-run';
  return readOnly || (confirmFlag && !values[confirmFlag]) ? 'inspect' : 'repair';
}

const IS_URL = /^[a-z+]*(redis|sentinel|unix)[a-z+]*:/i;

/**
 * Refuses what yargs accepts silently: `--dry-run=yes` and `--dry-run false` as no dry run, `--limit=` as 0, and words
 * that are too many, or after `--`, as nothing. Each would write although the operator asked for a dry run, or for something else.
 */
function refuseWhatYargsDrops<O, R>(tool: Tool<O, R>, argv: readonly string[], { _, file }: FlagValues) {
  const { name } = tool;
  if (IS_URL.test(String(file)))
    throw usage(`${file} is a URL, not a file`, 'Name the Redis by --redis-url.');
  const more = (_ as (string | number)[]).map(String);
  const [unknown] = more;
  if (unknown !== undefined) {
    if (file !== undefined && more.every((word) => !word.startsWith('-') && !IS_URL.test(word)))
      throw usage(`${name} takes one file; ${more.length + 1} were given`, 'Run it once for each file.');
    const isUrl = file !== undefined && IS_URL.test(unknown);
    throw usage(
      `Unknown argument: ${unknown}`,
      isUrl ? 'Name the Redis by --redis-url.' : `See ${name} --help.`,
    );
  }
  for (const [flag, { type }] of Object.entries(flagsOf(tool))) {
    const value = typedAfter(flag, argv);
    if (value === undefined) continue;
    if (type === 'boolean' && /^(=|true$|false$)/.test(value)) {
      throw usage(`--${flag} takes no value`, `Write --${flag} alone.`);
    }
    // An empty URL gets its error where URLs are read.
    if (type !== 'boolean' && flag !== 'redis-url' && (value === '=' || value === '')) {
      throw usage(`--${flag} needs a value`, `See ${name} --help.`);
    }
  }
}

/** What follows a flag as it was typed: `=` and the rest of the word, or the next word. Undefined: there is no such flag. */
function typedAfter(flag: string, argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === `--${flag}` || word.startsWith(`--${flag}=`));
  if (at < 0) return undefined;
  return argv[at] === `--${flag}` ? (argv[at + 1] ?? ' ') : argv[at]!.slice(`--${flag}`.length);
}

/** The value of a flag on a command line that may have errors. */
export function valueTyped(flag: string, argv: readonly string[]): string | undefined {
  return typedAfter(flag, argv)?.replace(/^=/, '').trim();
}

function redisUrlOf({ redisUrl, url }: FlagValues, env: NodeJS.ProcessEnv): string {
  if (redisUrl !== undefined && url !== undefined) {
    throw usage('the Redis URL is given twice, as an argument and by --redis-url', 'Give it once.');
  }
  return String(redisUrl ?? url ?? env.REDIS_URL ?? DEFAULT_REDIS_URL);
}

function sentinelLoginOf(env: NodeJS.ProcessEnv): SentinelLogin | undefined {
  const { REDIS_SENTINEL_USERNAME: user, REDIS_SENTINEL_PASSWORD: password } = env;
  return password || user ? { user: user || undefined, password: password ?? '' } : undefined;
}

function durationOf(value: unknown, flag: string): number | undefined {
  return value === undefined ? undefined : parseDuration(value as string, flag);
}

/** The version in the package.json above the module. */
export function versionOf(moduleUrl: string): string {
  return JSON.parse(readFileSync(new URL('../package.json', moduleUrl), 'utf8')).version;
}

function usage(message: string, hint: string): AtfError {
  return new AtfError('USAGE', withoutLogin(message), { hint });
}
