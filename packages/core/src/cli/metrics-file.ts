import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type MetricSample, metricsText } from '../report/metrics.js';
import type { Report } from '../report/report.js';

/**
 * Writes the metrics of a run. They go to a temporary file that is then renamed, so that a reader sees the old file or the new
 * one. node_exporter ignores the temporary one, because its name does not end in `.prom`.
 * @throws the error of the file system
 */
export function writeMetricsFile(
  path: string,
  report: Report<unknown>,
  { exitCode, samples }: { exitCode: number; samples: readonly MetricSample[] },
): void {
  const text = metricsText(report, { exitCode, samples, before: textOf(path) });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
