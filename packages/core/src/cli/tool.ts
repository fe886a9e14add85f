import type { Deps } from '../deps.js';
import type { Report, Work } from '../report/report.js';
import type { Style } from './style.js';

/** What the command line says for every tool. */
export interface CommonOptions {
  /** Decide and show, write nothing: in every mode but `repair`. */
  dryRun: boolean;
}

/** A flag, declared. The argument parser takes more; a tool needs no more. */
export interface FlagDefinition {
  type?: 'array' | 'boolean' | 'number' | 'string';
  /** The values that the flag takes, where those are few. */
  choices?: readonly string[];
  /** Other names of the flag. */
  alias?: readonly string[];
  default?: number | string;
  /** True: the flag is an error without a value. */
  requiresArg?: boolean;
  describe: string;
}

/** The tool's own flags as yargs hands them over: names in camel case, each value of the type that its flag declares. */
export type FlagValues = Record<string, unknown>;

/** A tool's work and how to say it, loaded only when there is work: `--help` needs neither Redis nor zod. */
export interface ToolWork<ToolOptions, Result> {
  /**
   * Does the work and returns its result. If it cannot answer it throws, and the error's `done` has what it had written by
   * then.
   */
  work(deps: Deps, options: ToolOptions & CommonOptions): Promise<Work<Result>>;
  /** The report as text, one line each, without an end of line. Pure. */
  render(report: Report<Result> & { result: Result }, style: Style): string[];
}

/** A command-line tool, declared. */
export interface Tool<ToolOptions, Result> {
  /** Name of the package without its scope, of the bin and of the file. */
  name: string;
  /** One sentence: what it does. */
  summary: string;
  /** `import.meta.url` of the tool's cli.ts: its package.json has the version. */
  moduleUrl: string;
  /** True: the tool only reads. It has none of the flags --dry-run, --check and --wait, and its mode is `inspect`. */
  readOnly?: true;
  /** True if these flags ask only for a look. The mode is then `inspect`. */
  inspects?(flags: FlagValues): boolean;
  /** True where the URL may also be the one positional argument. */
  urlArgument?: boolean;
  /** Where the tool must be given a file, as its one positional argument: what that is. `options` finds it in `flags.file`. */
  fileArgument?: string;
  /** The tool's own flags. */
  flags?: Record<string, FlagDefinition>;
  /** Two examples or more: a command line behind the name, and what it does. */
  examples: readonly [string, string][];
  /** Reads the tool's own flags. @throws AtfError `USAGE` */
  options(flags: FlagValues): ToolOptions;
  load(): Promise<ToolWork<ToolOptions, Result>>;
}
