import type { MetricSample } from '@atf/core';
import type { CountTasksResult } from './schema.js';

/** The figures for --metrics-file. A new name needs its help in core's report/metrics.ts. Pure. */
export function countTasksMetrics({ result }: { result: CountTasksResult }): MetricSample[] {
  return [{ name: 'atf_tasks', labels: { state: 'any' }, value: result.tasks }];
}
