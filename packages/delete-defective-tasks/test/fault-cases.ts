import type { FaultCase } from '@atf/sandbox';

const deletion = {
  check: () => ['--check'],
  repairs: ['unknownId', 'defectiveDlq', 'yearOne', 'badDate', 'missingState'],
  halfway: 'model',
  deletes: 'task:*',
} as const;

/** How this tool runs while it is killed, cut off and refused. */
export const faultCases: readonly FaultCase[] = [
  { ...deletion, repair: () => ['--yes'], asks: () => [] },
  { ...deletion, way: 'with a backup', repair: (file) => ['--yes', '--backup', file], backsUp: true },
];
