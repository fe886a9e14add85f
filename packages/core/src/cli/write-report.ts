import { jsonText, plainText } from '../model/plain-text.js';
import { describeTarget } from '../redis/target.js';
import type { Report } from '../report/report.js';
import { workDoneText } from '../work-done.js';
import { replicationLines, UNCONFIRMED } from './replication-lines.js';
import { type Style, styleFor } from './style.js';
import { wrapLines } from './wrap-lines.js';

export interface WriteOptions<R> {
  json: boolean;
  quiet: boolean;
  noColor: boolean;
  render: ((report: Report<R> & { result: R }, style: Style) => string[]) | undefined;
  /** The command line that would write, for a dry run that found something. */
  repairCommand: string;
  /** The error's stack, if DEBUG=atf asks for it. */
  stack: string | undefined;
}

/** Prints a report: the result on stdout, an error on stderr. With --json, one document on stdout. */
export function writeReport<R>(
  report: Report<R>,
  { json, quiet, noColor, render, repairCommand, stack }: WriteOptions<R>,
): void {
  if (quiet && report.outcome === 'clean') return;
  if (json) {
    process.stdout.write(`${jsonText(report)}\n`);
  } else if (report.result !== null && render) {
    const style = styleFor(process.stdout, noColor, process.env);
    const lines = [
      ...replicationLines(report, style),
      ...render({ ...report, result: report.result }, style),
    ];
    const advice =
      report.mode === 'dry-run' && report.outcome === 'found'
        ? ['', 'To do this, run:', `  ${repairCommand}`]
        : [];
    print(process.stdout, lines, advice);
  }
  if (report.error && !json) {
    print(process.stderr, errorLines(report, styleFor(process.stderr, noColor, process.env)));
  }
  if (stack) process.stderr.write(`${stack}\n`);
}

/** Prints lines. A terminal of a known width gets them wrapped, except those that must stay whole. */
function print(stream: NodeJS.WriteStream, lines: readonly string[], whole: readonly string[] = []): void {
  const wrapped = stream.isTTY && stream.columns ? wrapLines(lines, stream.columns) : lines;
  stream.write(`${[...wrapped, ...whole].join('\n')}\n`);
}

/** An error in at most three lines: what failed and where, why, and what was done and what to do. */
function errorLines(
  { tool, target, mode, result, error, replicaConfirmation }: Report<unknown>,
  style: Style,
): string[] {
  const { code, message, why, hint, done } = error!;
  const where = target && !message.includes('://') ? ` (${describeTarget(target)})` : '';
  const untouched = mode === 'repair' && code !== 'USAGE' && result === null;
  const unconfirmed = done && UNCONFIRMED[replicaConfirmation];
  const rest = [done ? workDoneText(done) : untouched && 'Nothing was changed.', unconfirmed, hint]
    .filter(Boolean)
    .join(' ');
  return [
    style.bad(`❌ ${tool}: ${plainText(message, 200)}${where}`),
    ...(why ? [`   Why: ${plainText(why, 300)}`] : []),
    ...(rest ? [`   ${plainText(rest, 300)}`] : []),
  ];
}
