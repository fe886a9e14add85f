import { mkdirSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { seedAsyncTaskFlow } from '@atf/sandbox';
import { useFolder, useRedis } from '@atf/sandbox/jest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeFolder } from '../src/node-versions.js';
import { type Registry, startRegistry } from '../src/registry.js';
import { run } from '../src/run.js';
import { importScript } from '../src/scripts.js';
import { ROOT, TOOLS } from '../src/tools.js';

const { packAll } = await importScript<{ packAll(to: string): Promise<string[]> }>('lib/pack.mjs');
const MINUTE = 60_000;
const PNPM = join(ROOT, 'node_modules/pnpm/bin/pnpm.cjs');
const [CORE, TOOL] = ['core', 'fix-counter-sync'].map((name) => TOOLS[0]!.name.replace(/[^/]+$/, name));
const CHECK = [TOOL as string, '--check', '--redis-url'];

const scratch = useFolder();
const fixture = useRedis();
let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry(await packAll(join(scratch, 'tarballs')));
}, MINUTE);
afterAll(() => registry.close());
beforeEach(async () => {
  await fixture.client.flushAll();
  await seedAsyncTaskFlow(fixture.client, { tasks: 100, seed: 1, faults: { counterDrift: { ACTIVE: 3 } } });
});

/** Runs a command as somebody whose folder and home are empty, and who has only this registry. */
async function runFresh(command: string, args: readonly string[], path = process.env.PATH ?? '') {
  const home = mkdtempSync(join(scratch, 'home-'));
  const cwd = join(home, 'work');
  mkdirSync(cwd);
  const env = {
    PATH: path,
    HOME: home,
    npm_config_registry: registry.url,
    npm_config_update_notifier: 'false',
  };
  return { home, ...(await run(command, args, { cwd, env })) };
}

const drifted = { code: 1, stdout: expect.stringContaining('❌ Found 1 counter') };

test('npx starts a tool from an empty cache, and its exit code is that of the tool', async () => {
  expect(await runFresh('npx', ['--yes', ...CHECK, fixture.redis.url])).toMatchObject(drifted);
  await fixture.client.flushAll();
  expect(await runFresh('npx', ['--yes', ...CHECK, fixture.redis.url])).toMatchObject({ code: 0 });
});

test('pnpm dlx does, too', async () => {
  const dlx = [PNPM, 'dlx', ...CHECK, fixture.redis.url];
  expect(await runFresh(process.execPath, dlx)).toMatchObject(drifted);
});

test('npm install --global gives every tool as a command', async () => {
  const prefix = join(scratch, 'global');
  const packages = TOOLS.map(({ name, version }) => `${name}@${version}`);
  expect(await runFresh('npm', ['install', '--global', '--prefix', prefix, ...packages])).toMatchObject({
    code: 0,
  });
  const path = `${prefix}/bin:${process.env.PATH}`;
  for (const { bin, version } of TOOLS) {
    expect(await runFresh(bin, ['--version'], path)).toMatchObject({ code: 0, stdout: `${version}\n` });
  }
  expect(await runFresh('fix-counter-sync', CHECK.slice(1).concat(fixture.redis.url), path)).toMatchObject(
    drifted,
  );
});

test.each(TOOLS)('$name installs one package besides itself, and 3 MB at most', async ({ name }) => {
  const { home, code } = await runFresh('npm', ['install', name]);
  expect(code).toBe(0);
  const installed = join(home, 'work/node_modules');
  const entries = readdirSync(installed, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const packages = files
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => relative(installed, dirname(file)));
  expect(packages.sort()).toEqual([CORE, name].sort());
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(3_000_000);
});

describe.each(NODE_VERSIONS)('Node %s', (version) => {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await nodeFolder(version);
    if (!folder) process.stderr.write(`not tried: Node ${version}. The registry did not give it.\n`);
  }, 3 * MINUTE);

  test('npx runs a tool on it', async () => {
    if (!folder) return;
    const path = `${folder}:${process.env.PATH}`;
    expect(await runFresh('node', ['--version'], path)).toMatchObject({ stdout: `v${version}\n` });
    expect(await runFresh('npx', ['--yes', ...CHECK, fixture.redis.url], path)).toMatchObject(drifted);
    const repair = ['--yes', TOOL as string, fixture.redis.url];
    expect(await runFresh('npx', repair, path)).toMatchObject({ code: 0, stderr: '' });
  });

  test('every tool runs on it', async () => {
    if (!folder) return;
    for (const { bin, version: own } of TOOLS) {
      const started = await runFresh(join(folder, 'node'), [
        `${ROOT}/packages/${bin}/bin/${bin}.js`,
        '--version',
      ]);
      expect(started).toMatchObject({ code: 0, stdout: `${own}\n`, stderr: '' });
    }
  });
});

test(
  'a Node that is too old gets one clear line',
  async () => {
    const folder = await nodeFolder('18.20.8');
    if (!folder) process.stderr.write('not tried: Node 18. The registry did not give it.\n');
    for (const { bin } of folder ? TOOLS : []) {
      const started = await runFresh(join(folder!, 'node'), [
        `${ROOT}/packages/${bin}/bin/${bin}.js`,
        '--check',
      ]);
      expect(started).toMatchObject({
        code: 2,
        stdout: '',
        stderr: '❌ Node 18.20.8 is too old: install Node 20.19 or newer\n',
      });
    }
  },
  3 * MINUTE,
);
