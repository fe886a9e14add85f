import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { AtfError } from '../errors.js';
import { PACES, type Pace } from '../redis/pace.js';
import { DEFAULT_REDIS_URL, withoutLogin } from '../redis/redis-url.js';
import type { Mode } from '../report/report.js';
import { parseDuration } from './duration.js';
import { EXIT_CODES_HELP } from './exit-code.js';
import type { FlagDefinition, FlagValues, Tool } from './tool.js';
import { asTyped, usageMessage } from './usage-message.js';

/** The flags that every tool has. */
const COMMON_FLAGS = {
  'redis-url': {
    type: 'string',
    requiresArg: true,
    describe: `Redis to work on: redis:// or rediss:// [default: $REDIS_URL, else ${DEFAULT_REDIS_URL}]`,
  },
  'dry-run': { type: 'boolean', describe: 'Decide and report, write nothing' },
  check: { type: 'boolean', describe: 'Like --dry-run, but exit with 1 if there is something to repair' },
  json: { type: 'boolean', describe: 'Print one JSON document, also on failure' },
  quiet: { type: 'boolean', describe: 'Print nothing if nothing was wrong and nothing was done' },
  'max-runtime': {
    type: 'string',
    requiresArg: true,
    describe: 'Stop cleanly after this time, such as 90s, 15m or 2h, and exit with 1',
  },
  wait: {
    type: 'string',
    requiresArg: true,
    describe: 'Wait this long, such as 30s or 5m, if another tool is at work, instead of exiting with 3',
  },
  pace: {
    choices: PACES,
    requiresArg: true,
    describe: 'auto: slow down if Redis gets slow; full: never slow down [default: auto]',
  },
  'no-color': { type: 'boolean', describe: 'No colour, as with NO_COLOR' },
} as const satisfies Record<string, FlagDefinition>;

/** The flags of tools that write. */
const WRITING_FLAGS = new Set(['dry-run', 'check', 'wait']);

/** Every flag that a tool has. */
function flagsOf<O, R>({ flags, readOnly }: Tool<O, R>): Record<string, FlagDefinition> {
  const common = Object.entries(COMMON_FLAGS).filter(([name]) => !readOnly || !WRITING_FLAGS.has(name));
  return { ...flags, ...Object.fromEntries(common) };
}

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
  pace: Pace;
  flags: FlagValues;
}

/** The arguments, or a text to print instead of working: the help or the version. */
export type ParsedArguments = { text: string } | Arguments;

/**
 * Reads a command line.
 * @throws AtfError `USAGE` for unknown flags, flags without their value, flags given twice, contradictions
 */
export async function parseArguments<O, R>(
  tool: Tool<O, R>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ParsedArguments> {
  let text = '';
  const values: FlagValues = await parserOf(tool, argv).parse([...argv], {}, (_error, _values, output) => {
    text = output;
  });
  if (values.help || values.version) return { text };
  refuseWhatYargsDrops(tool, argv, values);
  const repeated = Object.keys(values).find(
    (name) => name !== '_' && Array.isArray(values[name]) && tool.flags?.[dashed(name)]?.type !== 'array',
  );
  if (repeated) throw usage(`${asTyped(repeated, argv)} is given twice`, 'Give it once.');
  return {
    redisUrl: redisUrlOf(values, env),
    mode: modeOf(tool, values),
    json: values.json === true,
    quiet: values.quiet === true,
    noColor: values.noColor === true,
    maxRuntimeMs: durationOf(values.maxRuntime, '--max-runtime'),
    lockWaitMs: durationOf(values.wait, '--wait'),
    pace: (values.pace as Pace | undefined) ?? 'auto',
    flags: values,
  };
}

function modeOf<O, R>({ readOnly, inspects }: Tool<O, R>, values: FlagValues): Mode {
  if (values.check) return 'check';
  if (values.dryRun) return 'dry-run';
  return readOnly || inspects?.(values) ? 'inspect' : 'repair';
}

function parserOf<O, R>(tool: Tool<O, R>, argv: readonly string[]) {
  const { name, summary, moduleUrl, examples } = tool;
  const all = flagsOf(tool);
  const [positional, key, describe] = positionalOf(tool);
  return yargs()
    .scriptName(name)
    .locale('en')
    .wrap(100)
    .parserConfiguration({ 'boolean-negation': false, 'strip-dashed': true })
    .command(`$0 ${positional}`.trim(), summary, (command) =>
      positional ? command.positional(key, { type: 'string', describe }) : command,
    )
    .options(all)
    .example(examples.map(([line, what]) => [`$0 ${line}`.trim(), what]))
    .epilogue(EXIT_CODES_HELP)
    .strict()
    .exitProcess(false)
    .version(versionOf(moduleUrl))
    .help()
    .fail((message, error) => {
      throw usage(usageMessage(message ?? error.message, argv, all), `See ${name} --help.`);
    });
}

/** The positional argument as yargs writes it, its name, and its description. */
function positionalOf<O, R>({ urlArgument, fileArgument }: Tool<O, R>): [string, string, string] {
  if (fileArgument !== undefined) return ['<file>', 'file', fileArgument];
  return urlArgument ? ['[url]', 'url', 'The same as --redis-url'] : ['', '', ''];
}

/**
 * Refuses what yargs accepts silently: `--dry-run=yes` and `--dry-run false` as no dry run, `--limit=` as 0, and words after
 * `--` as nothing. Each would write although the operator asked for a dry run, or for something else.
 */
function refuseWhatYargsDrops<O, R>(tool: Tool<O, R>, argv: readonly string[], { _ }: FlagValues) {
  const { name } = tool;
  const [unknown] = _ as (string | number)[];
  if (unknown !== undefined) {
    const isUrl = /^rediss?:/i.test(String(unknown));
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

/** What follows a flag as it was typed: `=` and the rest of the word, or the next word. Undefined: nothing. */
function typedAfter(flag: string, argv: readonly string[]): string | undefined {
  const spelling = new RegExp(`^--${flag.replaceAll('-', '-?')}(=.*)?$`, 'is');
  const at = argv.findIndex((word) => spelling.test(word));
  return at < 0 ? undefined : (spelling.exec(argv[at]!)?.[1] ?? argv[at + 1]);
}

function redisUrlOf({ redisUrl, url }: FlagValues, env: NodeJS.ProcessEnv): string {
  if (redisUrl !== undefined && url !== undefined) {
    throw usage('the Redis URL is given twice, as an argument and by --redis-url', 'Give it once.');
  }
  return String(redisUrl ?? url ?? env.REDIS_URL ?? DEFAULT_REDIS_URL);
}

function durationOf(value: unknown, flag: string): number | undefined {
  return value === undefined ? undefined : parseDuration(value as string, flag);
}

const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The version in the package.json above the module. */
export function versionOf(moduleUrl: string): string {
  return JSON.parse(readFileSync(new URL('../package.json', moduleUrl), 'utf8')).version;
}

function usage(message: string, hint: string): AtfError {
  return new AtfError('USAGE', withoutLogin(message), { hint });
}
