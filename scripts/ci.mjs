/**
 * Every check of this repository, on a clean checkout. One that fails does not stop the others. Each test counts as
 * one, each other check too; the last line is `N passed, N failed`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBounded } from './lib/run-child.mjs';
import { looseDependencies, readAudit } from './lib/supply-chain.mjs';
import { PNPM, ROOT, workspacePackages } from './lib/workspace.mjs';

const MINUTE = 60_000;
const DEADLINE = Date.now() + 14.5 * MINUTE;

const CHECKS = [
  { name: 'lockfile without hosts', work: lockfileWithoutHosts },
  { name: 'exact versions, no install scripts', work: () => complaintsCheck(looseDependencies()) },
  { name: 'frozen install', command: ['npx', '--yes', PNPM, 'install', '--frozen-lockfile'], minutes: 5 },
  { name: 'known vulnerabilities', work: knownVulnerabilities },
  { name: 'lint', command: ['npm', 'run', 'lint'], minutes: 2 },
  { name: 'layers without circles', command: ['npm', 'run', 'layers'], minutes: 2 },
  { name: 'types', command: ['npm', 'run', 'typecheck'], minutes: 3 },
  { name: 'help in the READMEs', command: ['node', 'scripts/readme.mjs', '--check'], minutes: 1 },
  { name: 'packages', command: ['node', 'scripts/check-packages.mjs'], minutes: 4 },
  { name: 'demo', command: ['npm', 'run', 'demo'], minutes: 3 },
  { name: 'tests', work: tests },
  { name: 'examples', command: ['npm', 'run', 'test:examples'], minutes: 2 },
  { name: 'installs', command: ['npm', 'run', 'test:install'], minutes: 3 },
  { name: 'container', command: ['npm', 'run', 'test:container'], minutes: 5 },
];

const total = { passed: 0, failed: 0 };
for (const check of CHECKS) {
  const started = Date.now();
  print(`\n== ${check.name}`);
  const { passed, failed, output } = await (check.work?.() ?? commandCheck(check));
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) print(output.trimEnd());
  print(
    `${failed > 0 ? 'FAILED' : 'passed'}: ${check.name} (${((Date.now() - started) / 1_000).toFixed(1)} s)`,
  );
}
process.exitCode = total.failed > 0 ? 1 : 0;
print(`\n${total.passed} passed, ${total.failed} failed`);

async function commandCheck({ command, minutes }) {
  const { code, output } = await run(command, minutes);
  for (const [line] of output.matchAll(/^not tried: .*/gm)) print(line);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
}

/** Counts each test. A package without a test is a failure, and so is a run that ends badly in any other way. */
async function tests() {
  const folder = mkdtempSync(join(tmpdir(), 'test-results-'));
  const file = join(folder, 'results.json');
  const { code, output } = await run(['npm', 'test', '--', '--json', '--outputFile', file], 12);
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  rmSync(folder, { recursive: true });
  if (!results) return { passed: 0, failed: 1, output };

  const untested = workspacePackages().filter(
    (workspacePackage) =>
      !results.testResults.some(({ name }) => name.startsWith(`${workspacePackage.folder}/`)),
  );
  for (const { manifest } of untested) print(`${manifest.name}: no test ran`);
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + untested.length;
  return { passed: results.numPassedTests, failed: code !== 0 ? Math.max(1, failed) : failed, output };
}

function lockfileWithoutHosts() {
  const lines = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8').split('\n');
  return complaintsCheck(lines.filter((line) => /https?:\/\//.test(line)));
}

/** Of what is shipped. A registry that does not tell, as many mirrors do not, is no failure: it is said. */
async function knownVulnerabilities() {
  const { output } = await run(['npx', '--yes', PNPM, 'audit', '--json'], 2);
  const { vulnerabilities = [], unanswered } = readAudit(output);
  if (unanswered) print(`not looked for: ${unanswered}`);
  return complaintsCheck(vulnerabilities);
}

function complaintsCheck(complaints) {
  const failed = complaints.length > 0 ? 1 : 0;
  return { passed: 1 - failed, failed, output: complaints.join('\n') };
}

async function run([command, ...args], minutes, env = {}) {
  const timeoutMs = Math.max(1_000, Math.min(minutes * MINUTE, DEADLINE - Date.now()));
  const result = await runBounded(command, args, { cwd: ROOT, timeoutMs, env: { ...process.env, ...env } });
  const note = result.timedOut ? `\nstopped after ${Math.round(timeoutMs / 1_000)} s` : '';
  return { code: result.timedOut ? 124 : result.code, output: result.output + note };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
