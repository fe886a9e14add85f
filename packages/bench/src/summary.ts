import type { Result } from './result.js';

const HEAD = [
  'command',
  'tasks or keys',
  'seconds',
  'one command a key',
  'memory',
  "another client's PING, p99",
];

/** One line for each command, on the most tasks on which the plain way was measured: for the root README. Pure. */
export function summaryTable(results: readonly Result[]): string {
  const largest = new Map<string, Result>();
  for (const row of results) {
    const { what, tasks, note, plainRatio } = row;
    // initialize-counters counts by the same code as fix-counter-sync.
    if (note || plainRatio === undefined || what.startsWith('initialize-counters')) continue;
    if (tasks > (largest.get(what)?.tasks ?? 0)) largest.set(what, row);
  }
  const rows = [...largest.values()].map(cellsOf);
  return [HEAD, HEAD.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function cellsOf({ what, tasks, seconds, plainRatio = Number.NaN, peakMb, ping }: Result): string[] {
  const [command, ...rest] = what.split(', ');
  return [
    [`\`${command}\``, ...rest].join(', '),
    tasks.toLocaleString('en'),
    `${seconds.toFixed(1)} s`,
    `${(seconds * plainRatio).toFixed(0)} s`,
    peakMb === undefined ? '' : `${peakMb.toFixed(0)} MB`,
    ping ? `${ping.p99.toFixed(1)} ms` : '',
  ];
}
