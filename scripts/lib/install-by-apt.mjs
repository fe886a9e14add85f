import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { runBounded, say } from './run-child.mjs';

const TIMEOUT_MS = 5 * 60_000;
const START_POLICY = '/usr/sbin/policy-rc.d';
const ENV = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };

/**
 * Installs Debian's packages without starting their services. Only as root: nobody is asked for a password. Resolves to
 * why that failed, in one line, or to undefined.
 */
export async function installByApt(...packages) {
  if (process.getuid?.() !== 0) return 'not root';
  const names = packages.join(', ');
  say(`Installing the system packages ${names} with apt-get; their services are not started …`);
  return withoutStartingServices(async () => {
    const update = await aptGet(['update']);
    return update ?? (await aptGet(['install', '-y', '--no-install-recommends', ...packages]));
  });
}

async function aptGet(args) {
  const { code, output, timedOut } = await runBounded('apt-get', args, { env: ENV, timeoutMs: TIMEOUT_MS });
  if (code === 0) return undefined;
  if (code === 127) return 'no apt-get on the PATH';
  if (timedOut) return `apt-get ${args[0]} was not done after ${TIMEOUT_MS / 60_000} minutes`;
  const reason = output.split('\n').find((line) => line.startsWith('E:')) ?? `exit code ${code}`;
  return `apt-get ${args[0]}: ${reason}`;
}

/** Debian asks this file before it starts a service; 101 forbids it. One that is there already stays as it is. */
async function withoutStartingServices(work) {
  if (existsSync(START_POLICY)) return work();
  writeFileSync(START_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(START_POLICY, { force: true });
  }
}
