import type { ErrorCode, StopReason } from '../errors.js';
import type { Report } from '../report/report.js';

const OF_STOP: Record<StopReason, number> = { MAX_RUNTIME: 1, SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

const OF_ERROR: Record<ErrorCode, number> = {
  STOPPED: 1,
  BACKUP: 1,
  USAGE: 2,
  NOT_CONFIRMED: 3,
  GUARD: 3,
  LOCKED: 3,
  UNSTABLE: 3,
  UNREACHABLE: 4,
  TIMEOUT: 4,
  TLS: 4,
  AUTH: 4,
  NO_PERMISSION: 4,
  READ_ONLY: 4,
  CONNECTION_LOST: 4,
  SERVER: 4,
  INTERNAL: 70,
};

type Ending = Pick<Report<unknown>, 'mode' | 'outcome' | 'stopReason' | 'error' | 'replicaConfirmation'>;

/** The exit code of a run, from its report alone. Pure. */
export function exitCodeOf({ mode, outcome, stopReason, error, replicaConfirmation }: Ending): number {
  if (stopReason) return OF_STOP[stopReason];
  if (error) return OF_ERROR[error.code];
  if (outcome === 'found') return mode === 'check' ? 1 : 0;
  const unconfirmed = replicaConfirmation === 'failed' || replicaConfirmation === 'not-permitted';
  return outcome === 'partial' || unconfirmed ? 1 : 0;
}

/** The exit codes as `--help` shows them. */
export function exitCodesHelp({ readOnly }: { readOnly?: true }): string[] {
  return [
    'Exit codes:',
    `  0    ${readOnly ? 'the answer is complete' : 'nothing was wrong, or everything requested was done; also a successful dry run'}`,
    `  1    ${readOnly ? '' : '--check found something, or '}part of the work could not be done`,
    '  2    usage error',
    `  3    refused: ${readOnly ? '' : 'not confirmed, a safety limit, another tool at work, '}no exact answer`,
    '  4    Redis is unreachable, rejects the login, lacks a permission, or was lost',
    '  70   internal error, a bug of the tool',
    '  129  stopped by SIGHUP (130: by SIGINT, 143: by SIGTERM)',
  ];
}
