import type { FaultCase } from '@atf/sandbox';

const check = () => ['--check'];

/** How this tool runs while it is killed, cut off and refused. */
export const faultCases: readonly FaultCase[] = [
  { check, repair: () => [], repairs: ['counterDrift'], halfway: 'model' },
];
