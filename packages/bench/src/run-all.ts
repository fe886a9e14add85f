import { type Bench, type BenchOptions, withBench } from './bench.js';
import type { Result } from './result.js';
import { deletingDefectiveRow } from './rows/deleting-defective.js';
import { deletingResultsRow } from './rows/deleting-results.js';
import { distantRows } from './rows/distant.js';
import { largeContentRows, lookingRows } from './rows/looking.js';
import { startingRows } from './rows/starting.js';
import { tenMillionRows } from './rows/ten-million.js';

/** How much is measured. */
export interface Scale {
  sizes: readonly number[];
  /** Up to this size the plain way is measured too. */
  plainUpTo: number;
  /** Tasks beside twice as many results. */
  resultsBeside: number;
  defective: { tasks: number; defective: number; queued: number; withPlain: boolean };
  largeContents: boolean;
  startPairs: number;
}

export const WHOLE: Scale = {
  sizes: [10_000, 100_000, 1_000_000],
  plainUpTo: 1_000_000,
  resultsBeside: 250_000,
  defective: { tasks: 100_000, defective: 10_000, queued: 100_000, withPlain: true },
  largeContents: true,
  startPairs: 15,
};

export const QUICK: Scale = {
  sizes: [10_000, 100_000],
  plainUpTo: 100_000,
  resultsBeside: 25_000,
  defective: { tasks: 10_000, defective: 1_000, queued: 10_000, withPlain: false },
  largeContents: false,
  startPairs: 7,
};

/** The kinds of work, in the order of the table. */
const PARTS = {
  starting: async (bench: Bench, { startPairs }: Scale) => await startingRows(bench, startPairs),
  looking: lookingRows,
  large: async (bench: Bench, { largeContents }: Scale) =>
    largeContents ? await largeContentRows(bench) : [],
  results: async (bench: Bench, { resultsBeside }: Scale) => [await deletingResultsRow(bench, resultsBeside)],
  defective: async (bench: Bench, scale: Scale) => [await deletingDefectiveRow(bench, scale.defective)],
  'ten-million': tenMillionRows,
  distant: distantRows,
};

/** These take long, so they are run by hand. */
const BY_HAND = ['ten-million', 'distant'];
export const PART_NAMES = Object.keys(PARTS);
/** The parts that a run measures unless others are named. */
export const USUAL_PARTS = PART_NAMES.filter((name) => !BY_HAND.includes(name));

/** Measures all parts that are named, each on a server of its own: memory that one frees does not slow the next. */
export async function runAll(scale: Scale, options: BenchOptions, parts = USUAL_PARTS): Promise<Result[]> {
  const results: Result[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (parts.includes(name)) results.push(...(await withBench(options, (bench) => part(bench, scale))));
  }
  return results;
}
