import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A Jest reporter: writes a package's counts into the folder that ATF_TEST_RESULTS names, where it names one. */
export default class JestResults {
  #package;

  constructor({ rootDir }) {
    this.#package = rootDir;
  }

  onRunComplete(_contexts, results) {
    const folder = process.env.ATF_TEST_RESULTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${basename(this.#package)}.json`), JSON.stringify(countsOf(results)));
  }
}

/** A test file that did not even load has no failed tests to count; it counts as one. */
function countsOf({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

/** The counts that the test run of the package in `folder` left; undefined where it left none. */
export function readJestResults(folder, packageFolder) {
  try {
    return JSON.parse(readFileSync(join(folder, `${basename(packageFolder)}.json`), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
