import type { AtfError } from '../errors.js';
import { plainText } from '../model/plain-text.js';
import { withoutUrlLogin } from '../redis/redis-url.js';
import type { MetricSample } from '../report/metrics.js';
import type { Report, ReportedError } from '../report/report.js';
import { SCHEMA_VERSION } from '../report/schema-version.js';
import { type Arguments, parseArguments, valueTyped, versionOf } from './arguments.js';
import { repairCommand } from './command-line.js';
import { exitCodeOf } from './exit-code.js';
import { writeMetricsFile } from './metrics-file.js';
import { type Ending, failedEnding, runWork } from './run-work.js';
import { stackOf } from './stack.js';
import type { Tool, ToolWork } from './tool.js';
import { writeReport } from './write-report.js';

/** How long open connections may keep the process alive after everything is printed. */
const LINGER_MS = 500;

/**
 * Runs a tool as this process: reads the command line, does the work, prints the report, sets the exit code. Never throws.
 */
export async function runTool<O, R>(tool: Tool<O, R>): Promise<void> {
  process.stdout.on('error', (error) => onWriteError(tool.name, error));
  process.stderr.on('error', () => {}); // there is no other stream to report it on
  const argv = process.argv.slice(2);
  process.title = tool.name; // hides the command line from `ps`: a URL in it may contain a password
  const startedAt = new Date();
  let args: Arguments | undefined;
  let ending: Ending<R>;
  try {
    const { isTTY, columns } = process.stdout;
    const parsed = await parseArguments(tool, argv, {
      env: process.env,
      ...(isTTY && columns ? { columns } : {}),
    });
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
  writeMetrics(
    report,
    args?.metricsFile ?? valueTyped('metrics-file', argv),
    samplesOf(report, ending.metrics),
  );
  writeReport(report, {
    json: args?.json ?? argv.some((argument) => /^--json(=|$)/.test(argument)),
    quiet: args?.quiet ?? false,
    noColor: args?.noColor ?? argv.includes('--no-color'),
    render: ending.render,
    repairCommand: repairCommand(tool, argv, process.env),
    stack: process.env.DEBUG === 'atf' ? stackOf(ending.error) : undefined,
  });
  endWhenPrinted();
}

/**
 * Ends a process that something still keeps alive after everything is printed. A connection that was given up while it was
 * being made, or a running DNS lookup, cannot be closed. A slow reader still gets all of the output.
 */
function endWhenPrinted(): void {
  const endIfPrinted = () =>
    process.stdout.writableLength + process.stderr.writableLength > 0 ? endWhenPrinted() : process.exit();
  setTimeout(endIfPrinted, LINGER_MS).unref();
}

function reportOf<O, R>(
  tool: Tool<O, R>,
  { outcome, stopReason, target, replicaConfirmation, result, error }: Ending<R>,
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
    replicaConfirmation: replicaConfirmation ?? 'not-needed',
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

function samplesOf<R>(report: Report<R>, metrics: ToolWork<never, R>['metrics']): MetricSample[] {
  return report.result === null ? [] : (metrics?.({ ...report, result: report.result }) ?? []);
}

function writeMetrics(
  report: Report<unknown>,
  path: string | undefined,
  samples: readonly MetricSample[],
): void {
  if (!path) return;
  try {
    writeMetricsFile(path, report, { exitCode: Number(process.exitCode), samples });
  } catch (error) {
    process.exitCode ||= 1;
    const why = plainText(String((error as Error).message));
    process.stderr.write(`❌ ${report.tool}: the metrics could not be written\n   Why: ${why}\n`);
  }
}

/** A reader that closes the pipe early, such as `head`, is not an error. A full disk is. */
function onWriteError(name: string, { code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.exitCode ||= 1;
  process.stderr.write(`❌ ${name}: the report could not be written\n   Why: ${plainText(message)}\n`);
}
