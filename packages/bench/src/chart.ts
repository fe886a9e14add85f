import type { Result } from './result.js';

interface Line {
  name: string;
  colour: string;
  points: readonly { tasks: number; seconds: number }[];
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [760, 380, 60, 210, 20, 45];
/** Visible on light pages and on dark ones. */
const GREY = '#7d8590';

/** Seconds against the number of tasks, both on a log scale: our tools, the plain way and the floor. Pure. */
export function chartSvg(results: readonly Result[]): string {
  const lines = linesOf(results);
  const points = lines.flatMap((line) => line.points);
  const x = logScale(
    points.map(({ tasks }) => tasks),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = logScale(
    points.map(({ seconds }) => seconds),
    HEIGHT - BOTTOM,
    TOP,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    '  <title>Seconds against the number of tasks, log scales</title>',
    ...x.decades.map((tasks) => gridLine({ x1: x.at(tasks), x2: x.at(tasks), y1: TOP, y2: HEIGHT - BOTTOM })),
    ...x.decades.map((tasks) =>
      label(x.at(tasks), HEIGHT - BOTTOM + 18, tasks.toLocaleString('en'), 'middle'),
    ),
    ...y.decades.map((s) => gridLine({ x1: LEFT, x2: WIDTH - RIGHT, y1: y.at(s), y2: y.at(s) })),
    ...y.decades.map((s) => label(LEFT - 8, y.at(s) + 4, `${s.toLocaleString('en')} s`, 'end')),
    label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, 'tasks', 'middle'),
    ...lines.map((line) => drawn(line, x.at, y.at)),
    ...spread(lines.map((line) => ({ line, y: y.at(line.points.at(-1)!.seconds) }))).map((end) =>
      label(WIDTH - RIGHT + 8, end.y + 4, end.line.name, 'start', end.line.colour),
    ),
    '</svg>',
    '',
  ].join('\n');
}

function linesOf(results: readonly Result[]): Line[] {
  const rows = (name: string) => results.filter(({ what, note }) => what === `${name} --dry-run` && !note);
  const line = (name: string, colour: string, from: readonly Result[], factor: (row: Result) => number) => ({
    name,
    colour,
    points: from.map((row) => ({ tasks: row.tasks, seconds: row.seconds * factor(row) })),
  });
  const counting = rows('fix-counter-sync');
  return [
    line('one command a key', '#cf222e', counting, ({ plainRatio = Number.NaN }) => plainRatio),
    line('delete-defective-tasks', '#8250df', rows('delete-defective-tasks'), () => 1),
    line('fix-stuck-tasks', '#bf8700', rows('fix-stuck-tasks'), () => 1),
    line('fix-counter-sync', '#1f883d', counting, () => 1),
    line('floor: one script, count', GREY, counting, ({ floorRatio = Number.NaN }) => 1 / floorRatio),
  ]
    .map((all) => ({ ...all, points: all.points.filter(({ seconds }) => Number.isFinite(seconds)) }))
    .filter(({ points }) => points.length > 1);
}

function logScale(values: readonly number[], from: number, to: number) {
  const [low, high] = [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values))),
  ];
  const at = (value: number) => Math.round(from + ((Math.log10(value) - low) / (high - low)) * (to - from));
  const decades = Array.from({ length: high - low + 1 }, (_, index) =>
    Number((10 ** (low + index)).toPrecision(1)),
  );
  return { at, decades };
}

/** Names at the ends of lines that are close together move apart. */
function spread<End extends { y: number }>(ends: readonly End[]): End[] {
  let last = Number.NEGATIVE_INFINITY;
  return [...ends]
    .sort((a, b) => a.y - b.y)
    .map((end) => {
      last = Math.max(end.y, last + 16);
      return { ...end, y: last };
    });
}

function drawn(
  { points, colour }: Line,
  x: (tasks: number) => number,
  y: (seconds: number) => number,
): string {
  const path = points.map(({ tasks, seconds }) => `${x(tasks)},${y(seconds)}`).join(' ');
  return `  <polyline fill="none" stroke="${colour}" stroke-width="2.5" points="${path}"/>`;
}

function gridLine(ends: Record<'x1' | 'x2' | 'y1' | 'y2', number>): string {
  const attributes = Object.entries(ends).map(([name, value]) => `${name}="${value}"`);
  return `  <line ${attributes.join(' ')} stroke="${GREY}" stroke-opacity="0.3"/>`;
}

function label(x: number, y: number, text: string, anchor: string, colour = GREY): string {
  return `  <text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}">${text}</text>`;
}
