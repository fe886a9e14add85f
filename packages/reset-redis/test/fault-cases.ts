import type { FaultCase } from '@atf/sandbox';

const reset = { check: () => ['--check'], repairs: [], halfway: 'keys', deletes: '*' } as const;

/** How this tool runs while it is killed, cut off and refused. */
export const faultCases: readonly FaultCase[] = [
  { ...reset, repair: () => ['--confirm', '--force'] },
  { ...reset, way: 'of the whole database', repair: () => ['--confirm', '--force', '--scope', 'db'] },
  {
    ...reset,
    way: 'with a backup',
    repair: (file) => ['--confirm', '--force', '--backup', file],
    backsUp: true,
  },
];
