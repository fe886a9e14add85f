import { counterMetrics, type MetricSample } from '@atf/core';
import type { FixCounterSyncResult } from './schema.js';

/** The figures for --metrics-file. Pure. */
export function fixCounterSyncMetrics({ result }: { result: FixCounterSyncResult }): MetricSample[] {
  return counterMetrics(result, result.fixed);
}
