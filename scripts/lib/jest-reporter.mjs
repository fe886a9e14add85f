import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { say } from './run-child.mjs';

const LINGERING_MS = 10_000;

/**
 * Writes a package's counts into the folder that ATF_TEST_RESULTS names, where it names one. Ends a run that does not
 * end by itself, as a failure: a test that left a server running would otherwise hold up all others for ever.
 */
export default class JestReporter {
  #package;
  #watching;

  constructor({ rootDir, watch, watchAll }) {
    this.#package = basename(rootDir);
    this.#watching = watch || watchAll;
  }

  onRunComplete(_contexts, results) {
    const folder = process.env.ATF_TEST_RESULTS;
    if (folder) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${this.#package}.json`), JSON.stringify(countsOf(results)));
    }
    if (!this.#watching) setTimeout(() => endLingering(this.#package), LINGERING_MS).unref();
  }
}

/** A test file that did not even load has no failed tests to count; it counts as one. */
function countsOf({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

function endLingering(name) {
  const open = process.getActiveResourcesInfo().join(', ');
  say(`The tests of ${name} left something open, which is a failure: ${open}`);
  process.exit(1);
}

/** The counts that the test run of the package in `packageFolder` left; undefined where it left none. */
export function readTestCounts(folder, packageFolder) {
  try {
    return JSON.parse(readFileSync(join(folder, `${basename(packageFolder)}.json`), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
