import type { Pace } from './redis/pace.js';
import type { Target } from './redis/target.js';

/** The steps of long work. */
export type Step =
  | 'wait-for-lock'
  | 'scan'
  | 'read-queues'
  | 'wait-before-recheck'
  | 'save'
  | 'delete'
  | 'repair'
  | 'restore'
  | 'restore-entries'
  | 'verify';

/** How far a long piece of work is. `total` is an estimate, absent where there is none. */
export interface ProgressUpdate {
  /** Which step of the work this is: a name that stays the same when the wording changes. */
  step: Step;
  /** The step in words, for people. */
  what: string;
  done: number;
  total?: number;
  /** What is counted, such as `s`; absent where `what` says it. */
  unit?: string;
}

/** What every tool's work is given: nothing in it touches the process. */
export interface Deps {
  target: Target;
  /** The clock. */
  now(): Date;
  /** Told now and then how far the work is; may do nothing. */
  progress(update: ProgressUpdate): void;
  /**
   * Asks before something is destroyed: shows the lines and waits for the word `yes`.
   * @throws AtfError `NOT_CONFIRMED` for any other answer
   */
  confirm(lines: readonly string[]): Promise<void>;
  /** How long to wait for another tool's maintenance lock, in ms. Absent: not at all. */
  lockWaitMs?: number;
  /** Whether long work slows down where the server gets slow. Absent: `auto`. */
  pace?: Pace;
  /** Aborted with a StoppedError when the work is to end between two atomic writes. */
  signal: AbortSignal;
}

/**
 * Deps for programs that only have a target: the real clock, no progress, never stopped, and every question answered
 * by yes: who calls a function has decided. Another tool's lock is not waited for.
 */
export function depsOf(target: Target): Deps {
  return {
    target,
    now: () => new Date(),
    progress: () => {},
    confirm: async () => {},
    signal: new AbortController().signal,
  };
}
