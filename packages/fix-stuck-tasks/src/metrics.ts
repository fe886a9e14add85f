import type { MetricSample } from '@atf/core';
import type { FixStuckTasksResult } from './schema.js';

/** The figures for --metrics-file. Pure. */
export function fixStuckTasksMetrics({ result }: { result: FixStuckTasksResult }): MetricSample[] {
  const { kinds, undecided } = result;
  return [
    ...kinds.map(
      ({ kind, found }): MetricSample => ({ name: 'atf_stuck_findings', labels: { kind }, value: found }),
    ),
    { name: 'atf_undecided_tasks', value: undecided?.tasks ?? 0 },
    {
      name: 'atf_last_run_repaired',
      labels: { what: 'findings' },
      value: kinds.reduce((sum, { repaired }) => sum + repaired, 0),
    },
  ];
}
