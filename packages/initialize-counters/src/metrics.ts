import { counterMetrics, type MetricSample } from '@atf/core';
import type { InitializeCountersResult } from './schema.js';

/** The figures for --metrics-file. Pure. */
export function initializeCountersMetrics({ result }: { result: InitializeCountersResult }): MetricSample[] {
  return counterMetrics(result, result.written);
}
