import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface RunBinOptions {
  /** What comes through the pipe of the standard input; left out: its end at once; null: the pipe stays open. */
  stdin?: string | null;
  /** Beside PATH and HOME, the only variables of this process that are passed on. */
  env?: Readonly<Record<string, string>>;
}

/** How a command line ended, and what it printed. */
export interface BinRun {
  /** Null where a signal ended it. */
  code: number | null;
  stdout: string;
  /** Without lines of progress: they appear after five seconds, and how long a run takes is the machine's affair. */
  stderr: string;
  seconds: number;
}

/** A command line that is running. */
export interface StartedBin {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<BinRun>;
}

/** Such as `Deleting tasks: 300 of 1,000 (30 %) …`. */
const PROGRESS_LINE = /^.+: [\d,]+( of [\d,]+)?( s| \(.*\))? …\n/gm;

const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a tool's bin as its users do, in a process of its own. Takes some 0.3 s where it is built, else 1.5 s. */
export async function runBin(
  name: string,
  args: readonly string[] = [],
  options: RunBinOptions = {},
): Promise<BinRun> {
  return await startBin(name, args, options).ended;
}

/** Starts a tool's bin, for what is to happen while it runs. */
export function startBin(
  name: string,
  args: readonly string[] = [],
  { stdin = '', env = {} }: RunBinOptions = {},
): StartedBin {
  const startedAt = performance.now();
  const [node, ...nodeArguments] = commandOfBin(name);
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(node, [...nodeArguments, ...args], { env: { PATH, HOME, ...env } });
  child.stdin.on('error', () => {}); // it may end without having read
  if (stdin !== null) child.stdin.end(stdin);
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({
      code: code as number | null,
      stdout,
      stderr: stderr.replaceAll(PROGRESS_LINE, ''),
      seconds: (performance.now() - startedAt) / 1000,
    }),
  );
  return { child, ended };
}

type Command = [string, ...string[]];

const commands = new Map<string, Command>();

/**
 * The command that runs the built bin, or the source where that is newer: no test may judge a build of yesterday. It is
 * decided once for each test file.
 */
export function commandOfBin(name: string): Command {
  const command = commands.get(name) ?? findCommand(name);
  commands.set(name, command);
  return command;
}

function findCommand(name: string): Command {
  const isBuilt = ['core', name].every((folder) => {
    const built = `${PACKAGES}${folder}/dist/cli.js`;
    return existsSync(built) && statSync(built).mtimeMs >= newestSource(`${PACKAGES}${folder}/src`);
  });
  if (isBuilt) return [process.execPath, `${PACKAGES}${name}/bin/${name}.js`];
  const tsx = createRequire(import.meta.url).resolve('tsx');
  return [
    process.execPath,
    '--conditions=@atf/source',
    '--import',
    pathToFileURL(tsx).href,
    `${PACKAGES}${name}/src/cli.ts`,
  ];
}

function newestSource(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /\.(ts|lua)$/.test(file) && !file.endsWith('.test.ts'));
  return Math.max(...sources.map((file) => statSync(`${folder}/${file}`).mtimeMs));
}
