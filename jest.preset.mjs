/** One Jest set-up for every package: TypeScript by SWC, native ES modules, sources instead of builds. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@atf/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  testTimeout: 60_000,
  // More than there are processors: many tests wait for what takes its time by itself, and not for a processor.
  maxWorkers: '150%',
  reporters: ['default', '<rootDir>/../../scripts/lib/jest-reporter.mjs'],
};
