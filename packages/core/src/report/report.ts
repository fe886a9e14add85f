import type { ErrorCode, StopReason } from '../errors.js';
import type { TargetDescription } from '../redis/target.js';

/** Version of the JSON that the tools print; raised when a reader of the old one could be misled. */
export const SCHEMA_VERSION = 1;

export type Mode = 'repair' | 'dry-run' | 'check';

/**
 * How a run ended:
 * `clean` nothing is wrong; `found` something is, and the mode was to look only; `repaired` all that was asked is done;
 * `partial` some of it could not be done; `stopped` by a signal or --max-runtime; `refused` by a guard or for lack of a
 * confirmation; `failed` by an error.
 */
export type Outcome = 'clean' | 'found' | 'repaired' | 'partial' | 'stopped' | 'refused' | 'failed';

/** What a tool's work returns: how it ended, and the tool's own result. */
export interface Work<Result> {
  outcome: 'clean' | 'found' | 'repaired' | 'partial' | 'stopped';
  result: Result;
}

export interface ReportedError {
  code: ErrorCode;
  message: string;
  why: string | null;
  hint: string | null;
  /** What had been written when it happened; null: nothing. */
  done: string | null;
}

/** What a tool says of one run: with --json this is the document, else it is rendered as text. */
export interface Report<Result> {
  schemaVersion: typeof SCHEMA_VERSION;
  tool: string;
  version: string;
  mode: Mode;
  outcome: Outcome;
  stopReason: StopReason | null;
  target: TargetDescription | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  elapsedMs: number;
  result: Result | null;
  error: ReportedError | null;
}
