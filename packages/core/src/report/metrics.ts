import { describeTarget } from '../redis/target.js';
import type { Report } from './report.js';

/** Every metric with its help. node_exporter requires the same help in all files, so all tools share this list. `npm run readme` shows it. */
export const METRICS = {
  atf_last_run_timestamp_seconds: 'Unix time at which the last run began.',
  atf_last_success_timestamp_seconds:
    'Unix time at which the last run began that exited with 0 and was no dry run.',
  atf_last_run_duration_seconds: 'Duration of the last run.',
  atf_last_run_exit_code: 'Exit code of the last run.',
  atf_tasks: 'Tasks, by state.',
  atf_state_drift: 'State counter minus tasks in that state, before the run repaired it.',
  atf_defective_tasks: 'Defective tasks that the last run found.',
  atf_stuck_findings: 'Stuck tasks and wrong queue entries that the last run found, by kind.',
  atf_undecided_tasks: 'Tasks that the last run left alone because the evidence was incomplete.',
  atf_celery_results: 'Celery results that the last run selected.',
  atf_keys: 'Keys in the database when the last run began.',
  atf_last_run_deleted: 'What the last run deleted, by what it was.',
  atf_last_run_repaired: 'What the last run repaired, by what it was.',
  atf_last_run_restored: 'What the last run restored, by what it was.',
} as const;

const LAST_SUCCESS = 'atf_last_success_timestamp_seconds';

/** A figure of a tool. */
export interface MetricSample {
  name: keyof typeof METRICS;
  labels?: Readonly<Record<string, string>>;
  value: number;
}

type Ended = Pick<Report<unknown>, 'tool' | 'target' | 'mode' | 'startedAt' | 'elapsedMs'>;

/**
 * A run in Prometheus' text format. If this run was a dry run or did not succeed, the last success on the same target comes from
 * the text of the last run. Pure.
 */
export function metricsText(
  report: Ended,
  { exitCode, samples, before }: { exitCode: number; samples: readonly MetricSample[]; before: string },
): string {
  const target = report.target ? { target: describeTarget(report.target) } : {};
  const startedAt = Date.parse(report.startedAt) / 1_000;
  const isSuccess = exitCode === 0 && report.mode !== 'dry-run';
  const figures: MetricSample[] = [
    { name: 'atf_last_run_timestamp_seconds', value: startedAt },
    ...(isSuccess ? [{ name: LAST_SUCCESS, value: startedAt } as const] : []),
    { name: 'atf_last_run_duration_seconds', value: report.elapsedMs / 1_000 },
    { name: 'atf_last_run_exit_code', value: exitCode },
    ...samples,
  ];
  const lines = figures.map(
    ({ name, labels, value }) =>
      `${name}{${labelText({ tool: report.tool, ...target, ...labels })}} ${value}`,
  );
  if (!isSuccess) lines.push(...successIn(before, labelText(target)));
  return Object.entries(METRICS)
    .map(([name, help]) => ({ name, help, own: lines.filter((line) => line.startsWith(`${name}{`)) }))
    .filter(({ own }) => own.length > 0)
    .flatMap(({ name, help, own }) => [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...own])
    .map((line) => `${line}\n`)
    .join('');
}

/** The line of the last success. If this run does not know its target, the line stays as it is. */
function successIn(text: string, target: string): string[] {
  const [line] = new RegExp(`^${LAST_SUCCESS}\\{.*\\} \\d+(?:\\.\\d+)?$`, 'm').exec(text) ?? [];
  return line?.includes(target) ? [line] : [];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`)
    .join(',');
}
