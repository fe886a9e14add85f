import { expect, test } from '@jest/globals';
import { counterMetrics } from './counter-metrics.js';

test('the metrics of counters: tasks by state, the drift if the counter is a number, and what was written', () => {
  const counters = [
    { state: 'ACTIVE', key: 'a', kind: 'integer', old: '4', new: 3, change: -1 },
    { state: 'DLQ', key: 'd', kind: 'text', old: 'x', new: 2, change: null },
  ] as const;
  expect(counterMetrics({ counters: [...counters] }, 2)).toEqual([
    { name: 'atf_tasks', labels: { state: 'active' }, value: 3 },
    { name: 'atf_state_drift', labels: { state: 'active' }, value: 1 },
    { name: 'atf_tasks', labels: { state: 'dlq' }, value: 2 },
    { name: 'atf_last_run_repaired', labels: { what: 'counters' }, value: 2 },
  ]);
});
