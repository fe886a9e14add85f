import type { MetricSample } from '@atf/core';
import type { CleanupCeleryMetaResult } from './schema.js';

/** The figures for --metrics-file. Pure. */
export function cleanupCeleryMetaMetrics({ result }: { result: CleanupCeleryMetaResult }): MetricSample[] {
  return [
    { name: 'atf_celery_results', value: result.selected },
    { name: 'atf_last_run_deleted', labels: { what: 'results' }, value: result.deleted },
  ];
}
