import type { Kind } from '@atf/fix-stuck-tasks';
import type { ModelFaults } from '@atf/sandbox';

/** One way to run a tool that repairs something, unattended. */
export interface ToolCase {
  /** Name of its package and its bin. */
  tool: string;
  /** Tells two ways of the same tool apart. */
  way?: string;
  /** Command line behind the name, without the target. `file`: the backup that is to be written, or to be restored. */
  repair(file: string): string[];
  /** Command line that looks only, and exits 1 where there is something to repair. */
  check(file: string): string[];
  /** Which faults it takes away. */
  repairs: readonly (keyof ModelFaults)[];
  /** True where `repair` writes a backup to its file of what it deletes. */
  backsUp?: boolean;
  /** Whose backup it is that this one restores, on what that run left. */
  restores?: ToolCase;
  /**
   * What holds at any moment of a run. `model`: there is no fault that was not there before. `keys`: each key is either as
   * before or as afterwards; a reset parts queues from their tasks, and so does putting back, so nothing more can hold.
   */
  halfway: 'model' | 'keys';
  /** Fields of tasks that tell when the tool ran, or who: two runs differ in them. */
  clockFields?: readonly string[];
  /** Glob of the keys that it deletes, to compare with what it says of their number. */
  deletes?: string;
  /** A command line that comes to a question; absent where there is none. */
  asks?(file: string): string[];
  /** True where a run takes seconds: in the short run one kill and one refusal, and nothing else. */
  isSlow?: boolean;
}

const check = () => ['--check'];

const countersRepaired = { check, repair: () => [], repairs: ['counterDrift'], halfway: 'model' } as const;

const defectiveDeleted = {
  tool: 'delete-defective-tasks',
  check,
  repairs: ['unknownId', 'defectiveDlq', 'yearOne', 'badDate', 'missingState'],
  halfway: 'model',
  deletes: 'task:*',
} as const;

const resultsDeleted = {
  tool: 'cleanup-celery-meta',
  check,
  repairs: [],
  halfway: 'keys',
  deletes: 'celery-task-meta-*',
} as const;

/** What needs no second look, two seconds later. */
export const AT_ONE_LOOK: readonly Kind[] = [
  'stuck-active',
  'overdue-scheduled',
  'orphaned-dlq',
  'ghost-entry',
  'stale-entry',
];

const stuckRepaired = {
  tool: 'fix-stuck-tasks',
  repairs: ['stuckActive', 'overdueScheduled', 'orphanedDlq', 'ghostEntry', 'staleEntry', 'duplicateEntry'],
  halfway: 'model',
  clockFields: ['updated_at', 'dlq_at', 'completed_at', 'last_error', 'error_history', 'state_history'],
} as const;

const allDeleted = { tool: 'reset-redis', check, repairs: [], halfway: 'keys', deletes: '*' } as const;

const restored = {
  tool: 'restore-backup',
  check: (file: string) => [file, '--check'],
  repair: (file: string) => [file],
  repairs: [],
} as const;

const defectiveSaved: ToolCase = {
  ...defectiveDeleted,
  way: 'with a backup',
  repair: (file) => ['--yes', '--backup', file],
  backsUp: true,
};

const allSaved: ToolCase = {
  ...allDeleted,
  way: 'with a backup',
  repair: (file) => ['--confirm', '--force', '--backup', file],
  backsUp: true,
};

/**
 * Every tool, in each way that writes differently. A tool is tested because it stands here, and left out because it does
 * not: one whose bin is missing fails.
 */
export const TOOLS: readonly ToolCase[] = [
  { ...countersRepaired, tool: 'fix-counter-sync' },
  { ...countersRepaired, tool: 'initialize-counters' },
  { ...defectiveDeleted, repair: () => ['--yes'], asks: () => [] },
  defectiveSaved,
  { ...resultsDeleted, repair: () => ['--yes'], asks: () => [] },
  { ...resultsDeleted, way: 'by age', repair: () => ['--yes', '--older-than', '1d'] },
  {
    ...resultsDeleted,
    way: 'with a backup',
    repair: (file) => ['--yes', '--backup', file],
    backsUp: true,
  },
  {
    ...stuckRepaired,
    repair: () => ['--only', ...AT_ONE_LOOK],
    check: () => ['--check', '--only', ...AT_ONE_LOOK],
  },
  {
    ...stuckRepaired,
    way: 'of all kinds',
    repair: () => [],
    check,
    repairs: [...stuckRepaired.repairs, 'orphanedPending', 'orphanedScheduled'],
    isSlow: true,
  },
  { ...allDeleted, repair: () => ['--confirm', '--force'] },
  { ...allDeleted, way: 'of the whole database', repair: () => ['--confirm', '--force', '--scope', 'db'] },
  allSaved,
  {
    ...restored,
    way: 'of tasks',
    restores: defectiveSaved,
    halfway: 'model',
    asks: (file) => [file, '--replace'],
  },
  { ...restored, way: 'of a reset', restores: allSaved, halfway: 'keys' },
];

export const nameOf = ({ tool, way }: ToolCase): string => (way ? `${tool} (${way})` : tool);
