import { atMost, type Goal, type Result } from '../result.js';

/** What holds for every run of every tool. */
export function commonGoals({ ping, peakMb }: Pick<Result, 'ping' | 'peakMb'>): Goal[] {
  return [
    atMost('peak under 130 MB', peakMb, 130),
    atMost('PING p99 under 5 ms', ping?.p99, 5),
    atMost('max under 25 ms', ping?.max, 25),
  ];
}

/** A run over many tasks needs no more memory, and no more time a task, than one over few. */
export function growthGoals(
  large: Pick<Result, 'tasks' | 'seconds' | 'peakMb'>,
  small: Pick<Result, 'tasks' | 'seconds' | 'peakMb'>,
): Goal[] {
  const at = small.tasks.toLocaleString('en');
  const perTask = large.seconds / large.tasks / (small.seconds / small.tasks);
  const memory = (large.peakMb ?? Number.NaN) / (small.peakMb ?? Number.NaN);
  return [
    atMost(`memory as at ${at}, within 15 %: ${memory.toFixed(2)} ×`, memory, 1.15),
    atMost(`time a task as at ${at}, within 15 %: ${perTask.toFixed(2)} ×`, perTask, 1.15),
  ];
}
