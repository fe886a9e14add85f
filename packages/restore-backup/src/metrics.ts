import type { MetricSample, Mode } from '@atf/core';
import { KINDS, type RestoreBackupResult } from './schema.js';

/** The figures for --metrics-file. A dry run restores nothing. Pure. */
export function restoreBackupMetrics({
  mode,
  result,
}: {
  mode: Mode;
  result: RestoreBackupResult;
}): MetricSample[] {
  return KINDS.map((what) => {
    const { restored, replaced } = result.outcomes[what];
    return {
      name: 'atf_last_run_restored',
      labels: { what },
      value: mode === 'repair' ? restored + replaced : 0,
    };
  });
}
