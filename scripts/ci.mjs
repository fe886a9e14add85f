/**
 * Runs every check of this repository, on a clean checkout. Each is a command that can be run on its own. One that fails does
 * not stop the others. Each test counts as one, each other check too; the last line is `N passed, N failed`.
 */
import { runBounded } from './lib/run-child.mjs';
import { PNPM, ROOT } from './lib/workspace.mjs';

const MINUTE = 60_000;
const DEADLINE = Date.now() + 14.5 * MINUTE;

const CHECKS = [
  { command: `npx --yes ${PNPM} install --frozen-lockfile`, minutes: 5 },
  { command: 'npm run supply-chain', minutes: 3 },
  { command: 'npm run lint', minutes: 2 },
  { command: 'npm run layers', minutes: 2 },
  { command: 'npm run knip', minutes: 2 },
  { command: 'npm run prose', minutes: 2 },
  { command: 'npm run typecheck', minutes: 3 },
  { command: 'npm run readme -- --check', minutes: 1 },
  { command: 'npm run check-packages', minutes: 4 },
  { command: 'npm run picture -- --check', minutes: 3 },
  { command: 'npm test', minutes: 12 },
  { command: 'npm run test:examples', minutes: 3 },
  { command: 'npm run test:install', minutes: 3 },
  { command: 'npm run test:container', minutes: 5 },
];

const total = { passed: 0, failed: 0 };
for (const { command, minutes } of CHECKS) {
  const started = Date.now();
  print(`\n== ${command}`);
  const { passed, failed, output } = await check(command, minutes);
  total.passed += passed;
  total.failed += failed;
  print(failed > 0 ? output.trimEnd() : notesIn(output));
  print(`${failed > 0 ? 'FAILED' : 'passed'} (${((Date.now() - started) / 1_000).toFixed(1)} s)`);
}
process.exitCode = total.failed > 0 ? 1 : 0;
print(`\n${total.passed} passed, ${total.failed} failed`);

async function check(command, minutes) {
  const timeoutMs = Math.max(1_000, Math.min(minutes * MINUTE, DEADLINE - Date.now()));
  const [program, ...args] = command.split(' ');
  const { code, output, timedOut } = await runBounded(program, args, { cwd: ROOT, timeoutMs });
  if (timedOut) return { ...countsOf(1, output), output: `${output}\nstopped after ${timeoutMs / 1_000} s` };
  return { ...countsOf(code, output), output };
}

/** The tests that Jest counts, else one for the command. A command that ends badly in any other way is a failure, too. */
function countsOf(code, output) {
  const jest = output.match(/^Tests: .*$/m)?.[0];
  if (!jest) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const count = (what) => Number(jest.match(new RegExp(`(\\d+) ${what}`))?.[1] ?? 0);
  return { passed: count('passed'), failed: code === 0 ? 0 : Math.max(1, count('failed')) };
}

/** What a check could not look at. */
function notesIn(output) {
  return [...output.matchAll(/^not (?:tried|looked for): .*/gm)].join('\n');
}

function print(text) {
  if (text !== '') process.stdout.write(`${text}\n`);
}
