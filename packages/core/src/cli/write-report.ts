import { jsonText, plainText } from '../model/plain-text.js';
import { describeTarget } from '../redis/target.js';
import type { Report } from '../report/report.js';
import { workDoneText } from '../work-done.js';
import { type Style, styleFor } from './style.js';

export interface WriteOptions<R> {
  json: boolean;
  quiet: boolean;
  noColor: boolean;
  render: ((report: Report<R> & { result: R }, style: Style) => string[]) | undefined;
  /** The error's stack, if DEBUG=atf asks for it. */
  stack: string | undefined;
}

/** Prints a report: the result on stdout, an error on stderr. With --json, one document on stdout. */
export function writeReport<R>(
  report: Report<R>,
  { json, quiet, noColor, render, stack }: WriteOptions<R>,
): void {
  if (quiet && report.outcome === 'clean') return;
  if (json) {
    process.stdout.write(`${jsonText(report)}\n`);
  } else if (report.result !== null && render) {
    const style = styleFor(process.stdout, noColor, process.env);
    process.stdout.write(`${render({ ...report, result: report.result }, style).join('\n')}\n`);
  }
  if (report.error && !json) {
    process.stderr.write(
      `${errorLines(report, styleFor(process.stderr, noColor, process.env)).join('\n')}\n`,
    );
  }
  if (stack) process.stderr.write(`${stack}\n`);
}

/** An error in at most three lines: what failed and where, why, and what was done and what to do. */
function errorLines({ tool, target, mode, result, error }: Report<unknown>, style: Style): string[] {
  const { code, message, why, hint, done } = error!;
  const where = target && !message.includes('://') ? ` (${describeTarget(target)})` : '';
  const untouched = mode === 'repair' && code !== 'USAGE' && result === null;
  const rest = [done ? workDoneText(done) : untouched && 'Nothing was changed.', hint]
    .filter(Boolean)
    .join(' ');
  return [
    style.bad(`❌ ${tool}: ${plainText(message, 200)}${where}`),
    ...(why ? [`   Why: ${plainText(why, 300)}`] : []),
    ...(rest ? [`   ${plainText(rest, 300)}`] : []),
  ];
}
