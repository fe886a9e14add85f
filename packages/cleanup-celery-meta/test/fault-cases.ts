import type { FaultCase } from '@atf/sandbox';

const deletion = {
  check: () => ['--check'],
  repairs: [],
  halfway: 'keys',
  deletes: 'celery-task-meta-*',
} as const;

/** How this tool runs while it is killed, cut off and refused. */
export const faultCases: readonly FaultCase[] = [
  { ...deletion, repair: () => ['--yes'], asks: () => [] },
  {
    ...deletion,
    way: 'by age',
    repair: () => ['--yes', '--older-than', '1d'],
    check: () => ['--check', '--older-than', '1d'],
  },
  { ...deletion, way: 'with a backup', repair: (file) => ['--yes', '--backup', file], backsUp: true },
];
