import { describe, expect, test } from '@jest/globals';
import { chartSvg } from './chart.js';
import type { Result } from './result.js';

const row = (what: string, tasks: number, seconds: number, more: Partial<Result> = {}): Result => ({
  what: `${what} --dry-run`,
  tasks,
  seconds,
  goals: [],
  ...more,
});
const RATIOS = { plainRatio: 10, floorRatio: 2 };
const SVG = chartSvg([
  row('fix-counter-sync', 10_000, 0.2, RATIOS),
  row('fix-counter-sync', 1_000_000, 4, RATIOS),
  row('fix-counter-sync', 1_000, 0.1, { ...RATIOS, note: 'contents of 1 MB' }),
  row('fix-stuck-tasks', 10_000, 0.2),
]);
const line = (colour: string) => new RegExp(`stroke="${colour}"[^>]* points="([^"]*)"`).exec(SVG)?.[1];
const heights = (points: string | undefined) =>
  points!.split(' ').map((point) => Number(point.split(',')[1]));

describe('the chart', () => {
  test('draws the tool between the plain way and the floor', () => {
    const [plain, tool, floor] = ['#cf222e', '#1f883d', '#7d8590'].map((colour) => heights(line(colour)));
    for (const index of [0, 1]) {
      expect(plain![index]).toBeLessThan(tool![index]!);
      expect(tool![index]).toBeLessThan(floor![index]!);
    }
  });

  test('leaves out a line of one point, and rows with large contents', () => {
    expect(SVG).not.toContain('fix-stuck-tasks');
    expect(heights(line('#1f883d'))).toHaveLength(2);
    expect(SVG).not.toContain('>1,000<');
  });

  test('names each line once, and never two at one height', () => {
    const ends = [...SVG.matchAll(/y="(\d+)" text-anchor="start"/g)].map(([, y]) => y);
    expect(new Set(ends).size).toBe(3);
  });
});
