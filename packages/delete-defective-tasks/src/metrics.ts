import type { MetricSample } from '@atf/core';
import type { DeleteDefectiveTasksResult } from './schema.js';

/** The figures for --metrics-file. Pure. */
export function deleteDefectiveTasksMetrics({
  result,
}: {
  result: DeleteDefectiveTasksResult;
}): MetricSample[] {
  return [
    { name: 'atf_defective_tasks', value: result.defective + result.inUse },
    { name: 'atf_last_run_deleted', labels: { what: 'tasks' }, value: result.deleted },
  ];
}
