import type { SentinelLogin } from './redis/connect-server.js';
import type { Pace } from './redis/pace.js';
import type { ReplicaConfirmation } from './redis/replica-confirmation.js';
import type { Target } from './redis/target.js';

/** The steps of long work. */
export type Step =
  | 'wait-for-lock'
  | 'scan'
  | 'read-queues'
  | 'wait-before-second-snapshot'
  | 'save'
  | 'delete'
  | 'repair'
  | 'restore'
  | 'restore-entries'
  | 'verify';

/** How far a long piece of work is. `total` may be an estimate. It is absent if nobody knows it. */
export interface ProgressUpdate {
  /** The step of the work. Its name stays the same when the wording changes. */
  step: Step;
  /** The step in words, for people. */
  what: string;
  done: number;
  total?: number;
  /** The unit of `done`, such as `s`. Absent if `what` names it. */
  unit?: string;
}

/** What every tool's work gets. Nothing in it touches the process. */
export interface Deps {
  target: Target;
  /** The clock. */
  now(): Date;
  /** Receives now and then how far the work is. */
  progress(update: ProgressUpdate): void;
  /** Receives which part of the key table a scan has covered, from 0 to 1. */
  scanned?(fraction: number): void;
  /**
   * Shows the lines and waits for the word `yes`. Call it before something is deleted.
   * @throws AtfError `NOT_CONFIRMED` for any other answer
   */
  confirm(lines: readonly string[]): Promise<void>;
  /** How long to wait for another tool's maintenance lock, in ms. Absent: do not wait. */
  lockWaitMs?: number | undefined;
  /** Receives, when the lock is given back, whether a replica has what was written under it. */
  replicaConfirmation?(state: ReplicaConfirmation): void;
  /** Whether long work slows down if the server gets slow. Absent: `auto`. */
  pace?: Pace;
  /** The login of the Sentinels. Absent: they want none. */
  sentinelLogin?: SentinelLogin | undefined;
  /** Aborts with a StoppedError if the work must end between two atomic writes. */
  signal: AbortSignal;
}

/**
 * Deps for programs that only have a target. They use the real clock, show no progress, never stop, never wait for another
 * tool's lock, and answer every question with yes, because the caller has decided.
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
