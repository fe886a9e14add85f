import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBounded, SetupError, say } from './run-child.mjs';
import { PNPM, ROOT, workspacePackages } from './workspace.mjs';

const STAMP = join(ROOT, 'node_modules', '.installed-from');
const TIMEOUT_MS = 10 * 60_000;

/** Installs what the lockfile names, unless the last install was made from these very manifests. */
export async function ensureDependencies() {
  const wanted = hashOfManifests();
  if (stampedHash() !== wanted) await install(wanted);
}

async function install(hash) {
  say(`Installing the dependencies with ${PNPM}, as the lockfile has them …`);
  rmSync(STAMP, { force: true });
  const { code, output } = await runBounded('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], {
    cwd: ROOT,
    env: installEnvironment(),
    timeoutMs: TIMEOUT_MS,
  });
  if (code !== 0) {
    say(output.trimEnd());
    throw new SetupError(
      `The dependencies could not be installed: pnpm ended with ${code}, its output is above.`,
    );
  }
  writeFileSync(STAMP, hash);
}

/** `CI` keeps pnpm from asking questions; `npm run --silent` must not silence its errors. */
function installEnvironment() {
  const { npm_config_loglevel: _, ...env } = process.env;
  return { ...env, CI: 'true' };
}

function hashOfManifests() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'].map((name) =>
    join(ROOT, name),
  );
  for (const { folder } of workspacePackages()) files.push(join(folder, 'package.json'));
  for (const file of files) hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function stampedHash() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}
