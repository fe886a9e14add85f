/**
 * Runs a command of this repository after seeing to all that it needs, on a machine with nothing but Node and npm:
 *   run.mjs sandbox <demo|serve> …   run.mjs tool <name> …   run.mjs test …   run.mjs test:long …   run.mjs test:servers …   run.mjs bench …
 *   run.mjs test:<install|examples|container>   run.mjs turbo <task> …   run.mjs biome …   run.mjs typecheck [folder]   run.mjs readme   run.mjs picture   run.mjs pack <folder>
 *   run.mjs check-packages   run.mjs supply-chain
 */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { ensureDependencies } from './lib/ensure-dependencies.mjs';
import { fetchServer, SERVERS } from './lib/fetch-server.mjs';
import { findRedis } from './lib/find-redis.mjs';
import { leavingNothing } from './lib/leaving-nothing.mjs';
import { runChild, SetupError, say } from './lib/run-child.mjs';
import { ROOT, workspacePackages } from './lib/workspace.mjs';

const BINARIES = join(ROOT, 'node_modules', '.bin');
const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');

const COMMANDS = {
  sandbox: async (args) => {
    await provideRedis();
    await runFromSource('sandbox', args);
  },
  tool: async ([name, ...args]) => {
    // The files that a user names are where the user is, not where npm goes.
    if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
    await runFromSource(name, args);
  },
  bench: async (args) => {
    await provideRedis();
    await runTurbo('build', ['--output-logs=errors-only']);
    if (!process.exitCode) await runFromSource('bench', args);
  },
  test: runTests,
  'test:long': async (args) => {
    process.env.ATF_LONG = '1';
    await runTests(['packages/faults', ...args]);
  },
  'test:servers': async (args) => {
    const results = [];
    for (const name of Object.keys(SERVERS)) results.push(`${name}: ${await testServer(name, args)}`);
    say(`\n${results.join('\n')}`);
    process.exitCode = results.every((line) => line.endsWith(' passed')) ? 0 : 1;
  },
  'test:install': (args) => runDistributionTests('install', args),
  'test:examples': (args) => runDistributionTests('examples', args),
  'test:container': (args) => runDistributionTests('container', args),
  turbo: async ([task, ...args]) => {
    await runTurbo(task, args);
  },
  biome: async (args) => {
    process.exitCode = await runChild(join(BINARIES, 'biome'), args);
  },
  /** All packages at once: an error in core is printed once. */
  typecheck: async ([folder = ROOT]) => {
    process.exitCode = await runChild(join(BINARIES, 'tsc'), ['-p', folder]);
  },
  knip: async (args) => {
    process.exitCode = await runChild(join(BINARIES, 'knip'), args);
  },
  layers: async () => {
    const sources = workspacePackages().map(({ folder }) => join(folder, 'src'));
    process.exitCode = await runChild(join(BINARIES, 'depcruise'), sources);
  },
  pack: async (args) => {
    await runTurbo('build', ['--output-logs=errors-only']);
    if (!process.exitCode) await runScript('pack', args);
  },
  prose: async (args) => {
    const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' })
      .trim()
      .split('\n');
    process.exitCode = await runChild(join(BINARIES, 'textlint'), args.length > 0 ? args : documents);
  },
  picture: (args) => runScript('demo-picture', args),
  readme: (args) => runScript('readme', args),
  'check-packages': (args) => runScript('check-packages', args),
  'supply-chain': (args) => runScript('supply-chain', args),
};

/** Builds, because many tests run the bins, and starts Jest with `args`. */
async function runTests(args) {
  await provideRedis();
  await runTurbo('build', ['--output-logs=errors-only']);
  if (process.exitCode) return;
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  process.exitCode = await leavingNothing((TMPDIR) =>
    runChild(process.execPath, [...node, JEST, ...args], { env: { ...process.env, TMPDIR } }),
  );
}

/** Runs the tests that depend on the server on one of the {@link SERVERS}, and resolves to a line about it. */
async function testServer(name, args) {
  try {
    const program = await fetchServer(name);
    const [version] =
      /\S+ server v=\S+/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' })) ?? [];
    say(`\n${name}`);
    process.env.REDISMS_SYSTEM_BINARY = program;
    await runTests([...SERVERS[name].tests, ...args]);
    return `the tests on ${version} ${process.exitCode ? 'failed' : 'passed'}`;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return `not tested: ${error.message}`;
  }
}

/** What needs root, a container engine or minutes is no part of `npm test`. */
function runDistributionTests(folder, args) {
  return runTests([
    '--runInBand',
    '--testMatch',
    `<rootDir>/packages/distribution/${folder}/*.test.ts`,
    ...args,
  ]);
}

async function provideRedis() {
  process.env.REDISMS_SYSTEM_BINARY = await findRedis();
}

async function runScript(name, args) {
  process.exitCode = await runChild(process.execPath, [join(ROOT, 'scripts', `${name}.mjs`), ...args]);
}

/** Runs a package's TypeScript in this very process: its input, output, signals and exit code need no passing on. */
async function runFromSource(name, args) {
  const cli = join(ROOT, 'packages', name, 'src', 'cli.ts');
  if (!existsSync(cli)) throw new SetupError(`There is nothing to run in packages/${name}`);
  process.argv = [process.execPath, cli, ...args];
  await import('tsx');
  register('./lib/source-condition.mjs', import.meta.url);
  await import(cli);
}

async function runTurbo(task, args) {
  // A build from turbo's cache would be laid over what an earlier build left, and the old files would be packed, too.
  if (task === 'build') {
    for (const { folder } of workspacePackages())
      rmSync(join(folder, 'dist'), { recursive: true, force: true });
  }
  process.exitCode = await runChild(join(BINARIES, 'turbo'), ['run', task, ...args], {
    env: {
      ...process.env,
      PATH: `${BINARIES}:${process.env.PATH}`,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
  });
}

const [name, ...args] = process.argv.slice(2);
try {
  if (!COMMANDS[name])
    throw new SetupError(`Usage: node scripts/run.mjs <${Object.keys(COMMANDS).join('|')}> …`);
  await ensureDependencies();
  await COMMANDS[name](args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
