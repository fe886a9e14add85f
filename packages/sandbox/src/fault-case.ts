import type { ModelFaults } from './model-check/check-model.js';

/** One way to run a tool that writes, unattended. A tool lists its ways in its test/fault-cases.ts. */
export interface FaultCase {
  /** The name of this way. Absent for the plain one. */
  way?: string;
  /** The command line after the tool's name, without the target. `file` is the backup to write or to restore. */
  repair(file: string): string[];
  /** The command line that only looks, and exits with 1 if there is something to repair. */
  check(file: string): string[];
  /** The faults that it repairs. */
  repairs: readonly (keyof ModelFaults)[];
  /** True: `repair` saves in its file what it deletes. */
  backsUp?: boolean;
  /** The run whose backup this one restores: a tool, and a way of it. */
  restores?: { tool: string; way: string };
  /**
   * What holds at any moment of a run. `model`: there is no new fault. `keys`: each key is as before or as afterwards. No more
   * can hold while a reset or a restore separates queues from their tasks.
   */
  halfway: 'model' | 'keys';
  /** Fields of tasks that depend on the time of the run. Two runs differ in them. */
  clockFields?: readonly string[];
  /** The glob of the keys that it deletes, to compare with the number that it reports. */
  deletes?: string;
  /** A command line that asks a question. Absent: there is none. */
  asks?(file: string): string[];
  /** True: a run takes seconds. The short tests then kill it once and refuse it once, and do no more. */
  isSlow?: boolean;
}
