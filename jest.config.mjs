import { availableParallelism } from 'node:os';

/** One Jest run for all packages: TypeScript by SWC, native ES modules, sources instead of builds. */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/scripts/lib/jest-environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['@atf/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^fast-check$': '<rootDir>/scripts/lib/seeded-fast-check.mjs',
  },
  testMatch: ['<rootDir>/packages/*/{src,test}/**/*.test.ts'],
  testSequencer: '<rootDir>/scripts/lib/slow-first.mjs',
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // Far more than any test takes: a tight limit would measure the machine.
  testTimeout: (process.env.ATF_LONG === '1' ? 30 : 5) * 60_000,
  // One more than there are processors, because many tests wait. Jest reads '150%' as 150 workers.
  maxWorkers: availableParallelism() + 1,
  // A worker with a large heap takes long to end, and Jest kills it after half a second.
  workerIdleMemoryLimit: '256MB',
  reporters: ['default', '<rootDir>/scripts/lib/jest-reporter.mjs'],
};
