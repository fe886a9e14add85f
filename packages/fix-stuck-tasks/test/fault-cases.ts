import type { FaultCase } from '@atf/sandbox';
import type { Kind } from '../src/index.js';

/** The kinds that need no second look two seconds later. */
const FAST_KINDS = [
  'stuck-active',
  'overdue-scheduled',
  'orphaned-dlq',
  'ghost-entry',
  'stale-entry',
] satisfies Kind[];

const repairs = [
  'stuckActive',
  'overdueScheduled',
  'orphanedDlq',
  'ghostEntry',
  'staleEntry',
  'duplicateEntry',
] as const;

const repair = {
  halfway: 'model',
  clockFields: ['updated_at', 'dlq_at', 'completed_at', 'last_error', 'error_history', 'state_history'],
} as const;

/** How this tool runs while it is killed, cut off and refused. */
export const faultCases: readonly FaultCase[] = [
  {
    ...repair,
    repairs,
    repair: () => ['--only', ...FAST_KINDS],
    check: () => ['--check', '--only', ...FAST_KINDS],
  },
  {
    ...repair,
    way: 'of all kinds',
    repairs: [...repairs, 'orphanedPending', 'orphanedScheduled'],
    repair: () => [],
    check: () => ['--check'],
    isSlow: true,
  },
];
