/**
 * Packs everything that is published, installs it with npm as a user would, and looks at each package, runs each bin with
 * plain Node, and compiles a strict program against the types. Prints what is wrong, and exits 1 if anything is.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { PUBLISHED, packAll } from './lib/pack.mjs';
import { packageComplaints } from './lib/package-complaints.mjs';
import { runBounded } from './lib/run-child.mjs';
import { ROOT } from './lib/workspace.mjs';

const MINUTE = 60_000;
const BINARIES = join(ROOT, 'node_modules', '.bin');
const CLOSED_PORT = '127.0.0.1:1';
const NAMES = PUBLISHED.map(({ manifest }) => manifest.name);

const complaints = [];
const expect = (holds, complaint) => holds || complaints.push(complaint);

const scratch = mkdtempSync(join(tmpdir(), 'check-packages-'));
try {
  await required('node', ['scripts/run.mjs', 'turbo', 'build'], ROOT);
  const tarballs = await packAll(join(scratch, 'tarballs'));
  const installed = await installTarballs(tarballs);
  for (const { manifest } of PUBLISHED) {
    const folder = join(installed, manifest.name);
    complaints.push(...packageComplaints(folder, NAMES));
    for (const [bin, path] of Object.entries(manifest.bin ?? {}))
      await checkBin(bin, join(folder, path), manifest);
  }
  for (const tarball of tarballs) await checkTarball(tarball);
  await checkPrograms(installed);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
process.exitCode = complaints.length > 0 ? 1 : 0;

/** The registry is a closed port: everything that is installed must come from a tarball. */
async function installTarballs(tarballs) {
  const user = join(scratch, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--no-audit', '--no-fund', '--fetch-retries=0', `--registry=http://${CLOSED_PORT}/`];
  await required('npm', ['install', ...flags, ...tarballs], user);
  return join(user, 'node_modules');
}

/** What publint and arethetypeswrong say about a package. */
async function checkTarball(path) {
  const { messages, pkg } = await publint({
    pack: { tarball: toArrayBuffer(readFileSync(path)) },
    strict: true,
  });
  for (const message of messages) complaints.push(`publint: ${pkg.name}: ${formatMessage(message, pkg)}`);

  const attw = await run(join(BINARIES, 'attw'), [path, '--profile', 'esm-only', '--format', 'ascii'], ROOT);
  expect(attw.code === 0, `arethetypeswrong: ${path}\n${attw.output}`);
}

/** A program that loads every package, and one that compiles against their types without any excuse. */
async function checkPrograms(installed) {
  const folder = join(installed, '..');
  const entries = PUBLISHED.flatMap(({ manifest }) =>
    Object.keys(manifest.exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => manifest.name + entry.slice(1)),
  );
  const imports = entries.map((entry, at) => `import * as module${at} from '${entry}';`);
  const uses = entries.map((_, at) => `if (Object.keys(module${at}).length === 0) throw new Error('empty');`);
  writeFileSync(join(folder, 'program.js'), [...imports, ...uses].join('\n'));
  const loaded = await run('node', ['program.js'], folder);
  expect(
    loaded.code === 0,
    `a program that imports every package ends with ${loaded.code}\n${loaded.output}`,
  );

  symlinkSync(join(ROOT, 'packages/core/node_modules/zod'), join(installed, 'zod'));
  writeFileSync(
    join(folder, 'program.ts'),
    [...imports, `export const all = [${entries.map((_, at) => `module${at}`)}];`].join('\n'),
  );
  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--module',
    'nodenext',
    '--target',
    'es2023',
  ];
  const types = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node'];
  const compiled = await run(join(BINARIES, 'tsc'), [...flags, ...types, 'program.ts'], folder);
  expect(compiled.code === 0, `a strict program does not compile\n${compiled.output}`);
}

async function checkBin(name, path, { version }) {
  const help = await run('node', [path, '--help'], scratch);
  expect(help.code === 0, `${name} --help exits ${help.code}\n${help.output}`);
  expect(/exit codes/i.test(help.output), `${name} --help does not name the exit codes\n${help.output}`);

  const { code, output } = await run('node', [path, '--version'], scratch);
  expect(
    code === 0 && output.trim() === version,
    `${name} --version exits ${code}, says ${output} and not ${version}`,
  );

  const file = /<file>/.test(help.output) ? ['some-file'] : [];
  const refused = await run('node', [path, '--redis-url', `redis://${CLOSED_PORT}/0`, ...file], scratch);
  expect(refused.code === 4, `${name} exits ${refused.code} and not 4 at a closed port\n${refused.output}`);
  expect(
    !/^\s+at .+:\d+/m.test(refused.output),
    `${name} prints a stack at a closed port\n${refused.output}`,
  );
}

function run(command, args, cwd) {
  return runBounded(command, args, { cwd, timeoutMs: MINUTE });
}

async function required(command, args, cwd) {
  const { code, output } = await runBounded(command, args, { cwd, timeoutMs: 3 * MINUTE });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${output}`);
}

function toArrayBuffer({ buffer, byteOffset, byteLength }) {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
