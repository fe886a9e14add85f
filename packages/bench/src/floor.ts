import type { FloorRun } from './bench.js';
import { median, medianRatio } from './statistics.js';

/** A floor that had a processor for less of its time waited for others: its seconds say nothing of the work. */
const LEAST_SHARE = 0.85;

/** A tool compared with its floor. */
export interface FloorComparison {
  /** Medians of pairs. */
  floorRatio: number;
  /** How much of its time the floor's server had a processor. */
  floorCpuShare: number;
  floorSeconds: number[];
  toolSeconds: number[];
  /** True where the times cannot be compared: the machine was busy, or the tool was faster than the least there is to do. */
  disturbed: boolean;
}

/** Compares pairs that ran in turn. Pure. */
export function compareWithFloor(toolSeconds: number[], floors: readonly FloorRun[]): FloorComparison {
  const floorSeconds = floors.map(({ seconds }) => seconds);
  const floorRatio = medianRatio(toolSeconds.map((seconds, i) => [seconds, floorSeconds[i]!]));
  const floorCpuShare = median(floors.map(({ seconds, cpuSeconds }) => cpuSeconds / seconds));
  const disturbed = floorRatio < 1 || floorCpuShare < LEAST_SHARE;
  return { floorRatio, floorCpuShare, floorSeconds, toolSeconds, disturbed };
}
