import type { CounterResult } from './counter-result.js';
import type { MetricSample } from './metrics.js';

/** The figures of a tool that repairs counters. Pure. */
export function counterMetrics(
  { counters }: Pick<CounterResult, 'counters'>,
  written: number,
): MetricSample[] {
  return [
    ...counters.flatMap(({ state, new: tasks, change }): MetricSample[] => {
      const labels = { state: state.toLowerCase() };
      return [
        { name: 'atf_tasks', labels, value: tasks },
        ...(change === null ? [] : [{ name: 'atf_state_drift', labels, value: 0 - change } as const]),
      ];
    }),
    { name: 'atf_last_run_repaired', labels: { what: 'counters' }, value: written },
  ];
}
