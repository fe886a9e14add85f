import { expect, test } from '@jest/globals';
import { type MetricSample, metricsText } from './metrics.js';

const RUN = {
  tool: 'wind-clocks',
  target: { host: 'db', port: 6379, database: 1, tls: false, user: 'ops' },
  mode: 'repair',
  startedAt: '2026-11-22T15:10:00.500Z',
  elapsedMs: 1_250,
} as const;

const text = (
  exitCode: number,
  run: Partial<Parameters<typeof metricsText>[0]> = {},
  before = '',
  samples: MetricSample[] = [],
) => metricsText({ ...RUN, ...run }, { exitCode, samples, before });

test('a run in the text format of Prometheus', () => {
  const samples: MetricSample[] = [
    { name: 'atf_tasks', labels: { state: 'active' }, value: 3 },
    { name: 'atf_last_run_deleted', labels: { what: 'a "\\\n' }, value: 0 },
    { name: 'atf_tasks', labels: { state: 'pending' }, value: 0 },
  ];
  expect(text(0, {}, '', samples).split('\n')).toEqual([
    '# HELP atf_last_run_timestamp_seconds Unix time at which the last run began.',
    '# TYPE atf_last_run_timestamp_seconds gauge',
    'atf_last_run_timestamp_seconds{tool="wind-clocks",target="redis://db:6379/1"} 1795360200.5',
    '# HELP atf_last_success_timestamp_seconds Unix time at which the last run began that exited with 0 and was no dry run.',
    '# TYPE atf_last_success_timestamp_seconds gauge',
    'atf_last_success_timestamp_seconds{tool="wind-clocks",target="redis://db:6379/1"} 1795360200.5',
    '# HELP atf_last_run_duration_seconds Duration of the last run.',
    '# TYPE atf_last_run_duration_seconds gauge',
    'atf_last_run_duration_seconds{tool="wind-clocks",target="redis://db:6379/1"} 1.25',
    '# HELP atf_last_run_exit_code Exit code of the last run.',
    '# TYPE atf_last_run_exit_code gauge',
    'atf_last_run_exit_code{tool="wind-clocks",target="redis://db:6379/1"} 0',
    '# HELP atf_tasks Tasks, by state.',
    '# TYPE atf_tasks gauge',
    'atf_tasks{tool="wind-clocks",target="redis://db:6379/1",state="active"} 3',
    'atf_tasks{tool="wind-clocks",target="redis://db:6379/1",state="pending"} 0',
    '# HELP atf_last_run_deleted What the last run deleted, by what it was.',
    '# TYPE atf_last_run_deleted gauge',
    'atf_last_run_deleted{tool="wind-clocks",target="redis://db:6379/1",what="a \\"\\\\\\n"} 0',
    '',
  ]);
});

const successOf = (metrics: string) => /^atf_last_success_timestamp_seconds\{.*\} (.*)$/m.exec(metrics)?.[1];

test('the last success stays after a failed run and a dry run, and moves on with a good one', () => {
  const first = text(0);
  const later = { startedAt: '2026-11-22T16:10:00.000Z' };
  for (const kept of [
    text(4, { ...later, target: null }, first),
    text(0, { ...later, mode: 'dry-run' }, first),
  ])
    expect(successOf(kept)).toBe('1795360200.5');
  for (const mode of ['repair', 'check', 'inspect'] as const)
    expect(successOf(text(0, { ...later, mode }, first))).toBe('1795363800');
  expect(successOf(text(3))).toBeUndefined();
  expect(successOf(text(3, {}, 'what Prometheus cannot read'))).toBeUndefined();
});

test('the last success on another target is none of this one, and an unknown target leaves it as it is', () => {
  const first = text(0);
  const elsewhere = { target: { ...RUN.target, database: 11 } };
  expect(successOf(text(4, elsewhere, first))).toBeUndefined();
  expect(text(2, { target: null }, first)).toContain(
    'atf_last_success_timestamp_seconds{tool="wind-clocks",target="redis://db:6379/1"} 1795360200.5\n',
  );
});
