import type { FaultCase } from '@atf/sandbox';

const restore = {
  check: (file: string) => [file, '--check'],
  repair: (file: string) => [file],
  repairs: [],
} as const;

/** How this tool runs while it is killed, cut off and refused. */
export const faultCases: readonly FaultCase[] = [
  {
    ...restore,
    way: 'of tasks',
    restores: { tool: 'delete-defective-tasks', way: 'with a backup' },
    halfway: 'model',
    asks: (file) => [file, '--replace'],
  },
  { ...restore, way: 'of a reset', restores: { tool: 'reset-redis', way: 'with a backup' }, halfway: 'keys' },
];
