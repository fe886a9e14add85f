import type { AtfError } from '../errors.js';
import { plainText } from '../model/plain-text.js';
import { withoutUrlLogin } from '../redis/redis-url.js';
import { type Report, type ReportedError, SCHEMA_VERSION } from '../report/report.js';
import { type Arguments, parseArguments, versionOf } from './arguments.js';
import { exitCodeOf } from './exit-code.js';
import { type Ending, failedEnding, runWork } from './run-work.js';
import { stackOf } from './stack.js';
import type { Tool } from './tool.js';
import { writeReport } from './write-report.js';

/** How long what still goes on may hold the process once all is done. */
const LINGER_MS = 500;

/**
 * Runs a tool as this process: reads the command line, does the work, prints the report, sets the exit code.
 * The one place where a tool meets the process. Never throws.
 */
export async function runTool<O, R>(tool: Tool<O, R>): Promise<void> {
  process.stdout.on('error', (error) => unwritten(tool.name, error));
  process.stderr.on('error', () => {}); // there is nowhere left to say it
  const argv = process.argv.slice(2);
  process.title = tool.name; // over the command line that `ps` shows: a URL in it may hold a password
  const startedAt = new Date();
  let args: Arguments | undefined;
  let ending: Ending<R>;
  try {
    const parsed = await parseArguments(tool, argv, process.env);
    if ('text' in parsed) {
      process.stdout.write(`${parsed.text}\n`);
      return;
    }
    args = parsed;
    ending = await runWork(tool, parsed);
  } catch (error) {
    ending = failedEnding(error);
  }
  const report = reportOf(tool, ending, { mode: args?.mode ?? 'repair', startedAt });
  process.exitCode = exitCodeOf(report);
  writeReport(report, {
    json: args?.json ?? argv.some((argument) => /^--json(=|$)/.test(argument)),
    quiet: args?.quiet ?? false,
    noColor: args?.noColor ?? argv.includes('--no-color'),
    render: ending.render,
    stack: process.env.DEBUG === 'atf' ? stackOf(ending.error) : undefined,
  });
  endWhenPrinted();
}

/**
 * Ends a process that something still holds though all is said: a connection that was given up while it was made, or the
 * look-up of its host, cannot be closed. One that nothing holds ends by itself before. A slow reader gets all of it.
 */
function endWhenPrinted(): void {
  const look = () =>
    process.stdout.writableLength + process.stderr.writableLength > 0 ? endWhenPrinted() : process.exit();
  setTimeout(look, LINGER_MS).unref();
}

function reportOf<O, R>(
  tool: Tool<O, R>,
  { outcome, stopReason, target, result, error }: Ending<R>,
  { mode, startedAt }: Pick<Report<R>, 'mode'> & { startedAt: Date },
): Report<R> {
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: tool.name,
    version: versionOf(tool.moduleUrl),
    mode,
    outcome,
    stopReason: stopReason ?? null,
    target: target ?? null,
    startedAt: startedAt.toISOString(),
    elapsedMs: Date.now() - startedAt.getTime(),
    result: result ?? null,
    error: error ? reportedError(error) : null,
  };
}

function reportedError({ code, message, why, hint, done }: AtfError): ReportedError {
  const shown = (text: string | undefined) => (text === undefined ? null : withoutUrlLogin(text));
  return {
    code,
    message: withoutUrlLogin(message),
    why: shown(why),
    hint: hint ?? null,
    done: done ?? null,
  };
}

/** A reader that closes the pipe early, such as `head`, is no error; a full disk is. */
function unwritten(name: string, { code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.exitCode ||= 1;
  process.stderr.write(`❌ ${name}: the report could not be written\n   Why: ${plainText(message)}\n`);
}
