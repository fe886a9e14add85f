import type { WorkDone } from './work-done-schema.js';

/** Stable names of all failures. Monitors may rely on them. `exit-code.ts` maps them to exit codes. */
export const ERROR_CODES = [
  'USAGE',
  'NOT_CONFIRMED',
  'GUARD',
  'LOCKED',
  'UNSTABLE',
  'STOPPED',
  'BACKUP',
  'UNREACHABLE',
  'TIMEOUT',
  'TLS',
  'AUTH',
  'NO_PERMISSION',
  'READ_ONLY',
  'CONNECTION_LOST',
  'SERVER',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What a failure says besides its code and what failed. */
export interface ErrorDetails {
  why?: string | undefined;
  hint?: string;
  /** What had been written by then. Absent: nothing. */
  done?: WorkDone;
  cause?: unknown;
}

/** A known failure. It is reported without a stack. */
export class AtfError extends Error {
  override readonly name = 'AtfError';
  readonly why: string | undefined;
  readonly hint: string | undefined;
  done: WorkDone | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { why, hint, done, cause }: ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.why = why;
    this.hint = hint;
    this.done = done;
  }
}

/** Why a run ended before its work was done: a signal, or `--max-runtime`. */
export const STOP_REASONS = ['SIGHUP', 'SIGINT', 'SIGTERM', 'MAX_RUNTIME'] as const;

export type StopReason = (typeof STOP_REASONS)[number];

/** The reason of an aborted `deps.signal`. The work ends between two atomic writes. */
export class StoppedError extends AtfError {
  constructor(
    readonly reason: StopReason,
    details: Pick<ErrorDetails, 'why'> = {},
  ) {
    const message = reason === 'MAX_RUNTIME' ? 'the time of --max-runtime is up' : `stopped by ${reason}`;
    super('STOPPED', message, details);
  }
}
