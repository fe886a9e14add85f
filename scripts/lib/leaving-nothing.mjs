import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from './run-child.mjs';

/** What tsx and Node keep between their runs. */
const CACHES = /^(tsx-|node-compile-cache)/;

/**
 * Runs `work` with a temporary folder of its own, and resolves to its exit code. Files that it leaves there, and Redis
 * servers whose process files lie there, are named, removed and ended; they turn an exit code of 0 into 1.
 */
export async function leavingNothing(work) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'atf-tests-'));
  try {
    const code = await work(folder);
    const left = readdirSync(folder).filter((name) => !CACHES.test(name));
    for (const name of left) say(`The tests left ${name} behind${endServer(join(folder, name))}.`);
    return code || (left.length > 0 ? 1 : 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function endServer(file) {
  if (!file.endsWith('.pid')) return '';
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    return ', and its server still ran';
  } catch {
    return ', and its server is gone';
  }
}
