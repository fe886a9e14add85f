import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  cwd?: string;
  /** The only variables that the command sees. */
  env?: Readonly<Record<string, string | undefined>>;
  stdin?: string;
}

export interface Ended {
  /** Null: a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, stdin = '' }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(command, args, { cwd, env });
  child.stdin.on('error', () => {}); // it may end without having read
  child.stdin.end(stdin);
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  const [[code], stdout, stderr] = await ended;
  return { code, stdout, stderr };
}

/** The same for a command that must succeed. Resolves to what it printed. @throws Error with all that it printed */
export async function must(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
  return stdout;
}
