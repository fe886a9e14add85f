/**
 * Packs everything that is published, installs the packages with npm as a user would, and runs each bin with plain Node.
 * Prints what is wrong, and exits 1 if anything is.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBounded } from './lib/run-child.mjs';
import { ROOT, workspacePackages } from './lib/workspace.mjs';

const MINUTE = 60_000;
const BINARIES = join(ROOT, 'node_modules', '.bin');
const PUBLISHED = workspacePackages().filter(({ manifest }) => !manifest.private);
const CLOSED_PORT = 'redis://127.0.0.1:1/0';
const MAY_BE_PACKED = /^(package\.json|README\.md|LICENSE|(dist|bin)\/.+)$/;
const MUST_BE_PACKED = ['package.json', 'README.md', 'LICENSE'];

const complaints = [];
const expect = (holds, complaint) => holds || complaints.push(complaint);

const scratch = mkdtempSync(join(tmpdir(), 'check-packages-'));
try {
  await required('node', ['scripts/run.mjs', 'turbo', 'build'], ROOT);
  const installed = await installTarballs(await packAll());
  for (const { manifest } of PUBLISHED) {
    const folder = join(installed, manifest.name);
    checkFiles(manifest.name, folder);
    for (const [bin, path] of Object.entries(manifest.bin ?? {}))
      await checkBin(bin, join(folder, path), manifest);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
process.exitCode = complaints.length > 0 ? 1 : 0;

async function packAll() {
  const tarballs = join(scratch, 'tarballs');
  mkdirSync(tarballs);
  for (const { folder } of PUBLISHED) {
    await required(join(BINARIES, 'pnpm'), ['pack', '--pack-destination', tarballs], folder);
  }
  return readdirSync(tarballs).map((file) => join(tarballs, file));
}

/** The registry of the scope is a closed port: every @atf package must come from its tarball. */
async function installTarballs(tarballs) {
  const user = join(scratch, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true }');
  const flags = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=0',
    '--@atf:registry=http://127.0.0.1:1/',
  ];
  await required('npm', ['install', ...flags, ...tarballs], user);
  return join(user, 'node_modules');
}

function checkFiles(name, folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const relative = files.map((file) => file.slice(folder.length + 1));

  for (const file of relative) expect(MAY_BE_PACKED.test(file), `${name} packs ${file}, which nobody needs`);
  for (const file of MUST_BE_PACKED) expect(relative.includes(file), `${name} lacks ${file}`);
  for (const file of files) {
    expect(
      !readFileSync(file, 'utf8').includes(ROOT),
      `${name}: ${file.slice(folder.length + 1)} holds a path of this machine`,
    );
  }
}

async function checkBin(name, path, { version }) {
  const help = await runBin(path, ['--help']);
  expect(help.code === 0, `${name} --help exits ${help.code}\n${help.output}`);
  expect(/exit codes/i.test(help.output), `${name} --help does not name the exit codes\n${help.output}`);

  const { code, output } = await runBin(path, ['--version']);
  expect(
    code === 0 && output.trim() === version,
    `${name} --version exits ${code}, says ${output} and not ${version}`,
  );

  const file = /<file>/.test(help.output) ? ['some-file'] : [];
  const refused = await runBin(path, ['--redis-url', CLOSED_PORT, ...file]);
  expect(refused.code === 4, `${name} exits ${refused.code} and not 4 at a closed port\n${refused.output}`);
  expect(
    !/^\s+at .+:\d+/m.test(refused.output),
    `${name} prints a stack at a closed port\n${refused.output}`,
  );
}

function runBin(path, args) {
  return runBounded('node', [path, ...args], { cwd: scratch, timeoutMs: MINUTE / 2 });
}

async function required(command, args, cwd) {
  const { code, output } = await runBounded(command, args, { cwd, timeoutMs: 3 * MINUTE });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${output}`);
}
