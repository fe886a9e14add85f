import type { MetricSample } from '@atf/core';
import type { ResetRedisResult } from './schema.js';

/** The figures for --metrics-file. Pure. */
export function resetRedisMetrics({ result }: { result: ResetRedisResult }): MetricSample[] {
  const { keys, inspection, deletion } = result;
  return [
    { name: 'atf_keys', value: keys },
    ...Object.entries(inspection?.tasks?.states ?? {}).map(
      ([state, value]): MetricSample => ({
        name: 'atf_tasks',
        labels: { state: state.toLowerCase() },
        value,
      }),
    ),
    { name: 'atf_last_run_deleted', labels: { what: 'keys' }, value: deletion?.deleted ?? 0 },
  ];
}
