import type { Goal, PingTimes, Result } from './result.js';

const HEAD = [
  'what',
  'tasks',
  'seconds',
  'plain way takes',
  'redis-cli takes',
  'of the floor',
  'peak MB',
  "another client's PING: p99 / max (idle) ms",
  'to reach',
] as const;

/** The results as a Markdown table. Pure. */
export function markdownTable(results: readonly Result[]): string {
  const rows = [HEAD, HEAD.map((_, i) => (i === 0 || i === 8 ? '---' : '---:')), ...results.map(cellsOf)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf(result: Result): string[] {
  const { what, tasks, seconds, plainRatio, cliRatio, peakMb, note, goals } = result;
  return [
    note ? `${what} (${note})` : what,
    tasks.toLocaleString('en'),
    seconds < 1 ? seconds.toFixed(3) : seconds.toFixed(2),
    times(plainRatio),
    cliRatio === null ? 'n/a' : times(cliRatio),
    floorText(result),
    peakMb === undefined ? '' : peakMb.toFixed(0),
    pingText(result),
    goals.map(goalText).join('; '),
  ];
}

function times(ratio: number | undefined): string {
  return ratio === undefined ? '' : `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`;
}

function floorText({ floorRatio, disturbed }: Result): string {
  return disturbed ? `${times(floorRatio)}, disturbed` : times(floorRatio);
}

function pingText({ ping, idlePing }: Pick<Result, 'ping' | 'idlePing'>): string {
  if (!ping) return '';
  const text = ({ p99, max }: PingTimes) => `${p99.toFixed(1)} / ${max.toFixed(1)}`;
  return idlePing ? `${text(ping)} (${text(idlePing)})` : text(ping);
}

function goalText({ text, reached }: Goal): string {
  if (reached === undefined) return `❔ ${text}`;
  return `${reached ? '✅' : '❌'} ${text}`;
}
