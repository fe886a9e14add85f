import type { Deps } from '../deps.js';
import type { MetricSample } from '../report/metrics.js';
import type { Report, Work } from '../report/report.js';
import type { Style } from './style.js';

/** The options that every tool gets. */
export interface CommonOptions {
  /** Decide and show, write nothing: in every mode but `repair`. */
  dryRun: boolean;
}

/** The declaration of a flag. A flag that is not `boolean` needs a value. */
export interface FlagDefinition {
  type?: 'array' | 'boolean' | 'number' | 'string';
  /** The only values that the flag accepts. */
  choices?: readonly string[];
  /** Other names of the flag. */
  alias?: readonly string[];
  default?: number | string;
  describe: string;
}

/** The flags as yargs returns them: names in camel case, each value of its declared type. */
export type FlagValues = Record<string, unknown>;

/** A tool's work and its rendering. They are loaded only for work: `--help` needs neither Redis nor zod. */
export interface ToolWork<ToolOptions, Result> {
  /**
   * Does the work and returns its result. If it cannot answer it throws, and the error's `done` has what it had written by
   * then.
   */
  work(deps: Deps, options: ToolOptions & CommonOptions): Promise<Work<Result>>;
  /** The report as text, one line each, without an end of line. Pure. */
  render(report: Report<Result> & { result: Result }, style: Style): string[];
  /** The tool's own figures for --metrics-file. Pure. */
  metrics?(report: Report<Result> & { result: Result }): MetricSample[];
}

/** The declaration of a command-line tool. */
export interface Tool<ToolOptions, Result> {
  /** The name of the bin, and of the package without its scope. */
  name: string;
  /** One sentence: what it does. */
  summary: string;
  /** `import.meta.url` of the tool's cli.ts. The package.json above it has the version. */
  moduleUrl: string;
  /** True: the tool only reads. It has none of the flags --dry-run, --check and --wait, and its mode is `inspect`. */
  readOnly?: true;
  /** The flag without which the tool only inspects. The mode is then `inspect`. */
  confirmFlag?: string;
  /** The description of the file that the tool requires as its argument. `options` finds it in `flags.file`. Absent: the argument is the URL. */
  fileArgument?: string;
  /** The tool's own flags. */
  flags?: Record<string, FlagDefinition>;
  /** At least two examples: the words after the tool's name, and what they do. */
  examples: readonly [string, string][];
  /** Reads the tool's own flags. @throws AtfError `USAGE` if a flag is missing that the tool requires, or has a wrong value */
  options(flags: FlagValues): ToolOptions;
  load(): Promise<ToolWork<ToolOptions, Result>>;
}
