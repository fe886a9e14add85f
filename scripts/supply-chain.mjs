/** Looks at what this repository depends on. Prints what is wrong, and exits 1 if anything is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBounded } from './lib/run-child.mjs';
import { lockfileComplaints, looseDependencies, optionalPackages, readAudit } from './lib/supply-chain.mjs';
import { PNPM, ROOT } from './lib/workspace.mjs';

const AUDIT_TIMEOUT_MS = 120_000;

/** A registry that does not answer, as many mirrors do not, is no failure: it is said. */
async function vulnerabilities() {
  const { output } = await runBounded('npx', ['--yes', PNPM, 'audit', '--json'], {
    cwd: ROOT,
    timeoutMs: AUDIT_TIMEOUT_MS,
  });
  const { vulnerabilities: found = [], unanswered } = readAudit(output);
  if (unanswered) console.log(`not looked for: known vulnerabilities (${unanswered})`);
  return found;
}

const lockfile = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8');
const complaints = [
  ...looseDependencies(),
  ...lockfileComplaints({ lockfile, optional: optionalPackages() }),
  ...(await vulnerabilities()),
];
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
