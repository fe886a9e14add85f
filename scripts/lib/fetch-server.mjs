import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBounded, SetupError, say } from './run-child.mjs';
import { ROOT } from './workspace.mjs';

/** Tests of what differs between servers: permissions, scripts, counting, connections, failover. */
const SERVER_TESTS = [
  'packages/core/test/(confirm-writes|counting|expiring-tasks|forced-order|kinds-of-servers|maintenance-lock|permissions)',
  'packages/core/test/(script|sentinels|state-counters|under-lock)',
  'packages/.*/test/permissions',
  'packages/faults/test/failover',
];
/** What a server needs to run that has neither %R~ nor EVAL_RO: each tool does its work. */
const WORK_TESTS = [
  'packages/core/test/(counting|expiring-tasks|forced-order|kinds-of-servers|sentinels|state-counters)',
  'packages/fix-counter-sync/test/fix-counter-sync',
  'packages/delete-defective-tasks/test/delete-defective-tasks',
  'packages/fix-stuck-tasks/test/every-fault',
  'packages/cleanup-celery-meta/test/deletes',
];

/**
 * The servers that the tools are tested on, as packages of Debian's releases, and the tests: the oldest server that can be
 * installed comes first.
 */
export const SERVERS = {
  'redis-6.0': { release: 'bullseye', package: 'redis-server', tests: WORK_TESTS },
  'redis-7.0': { release: 'bookworm', package: 'redis-server', tests: SERVER_TESTS },
  'redis-8.0': { release: 'sid', package: 'redis-server', tests: SERVER_TESTS },
  'valkey-9': { release: 'sid', package: 'valkey-server', tests: SERVER_TESTS },
};

const CACHE = join(ROOT, 'node_modules', '.cache', 'redis-servers');
const MIRROR = 'http://deb.debian.org/debian';
const TIMEOUT_MS = 5 * 60_000;

/**
 * The path of a program that starts one of the {@link SERVERS}. The first time, its packages and their libraries are downloaded
 * by apt-get and unpacked into a folder of their own: nothing is installed on the system. Needs Debian's apt-get and dpkg.
 */
export async function fetchServer(name) {
  const folder = join(CACHE, name);
  const program = join(folder, 'redis-server');
  if (existsSync(program)) return program;
  const { release, package: wanted } = SERVERS[name];
  say(`Downloading ${wanted} of Debian ${release} …`);
  const work = `${folder}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  try {
    await download(work, release, wanted);
    await unpack(work);
    writeFileSync(join(work, 'redis-server'), startScript(wanted));
    chmodSync(join(work, 'redis-server'), 0o755);
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

/** With an empty list of installed packages, apt-get downloads every package that the server needs, libc included. */
async function download(work, release, wanted) {
  for (const part of ['lists/partial', 'archives/partial', 'root'])
    mkdirSync(join(work, part), { recursive: true });
  writeFileSync(join(work, 'status'), '');
  writeFileSync(
    join(work, 'sources.list'),
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${MIRROR} ${release} main\n`,
  );
  const options = {
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State': work,
    'Dir::State::lists': join(work, 'lists'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': work,
    'APT::Sandbox::User': 'root',
  };
  const settings = Object.entries(options).flatMap(([option, value]) => ['-o', `${option}=${value}`]);
  await run('apt-get', [...settings, 'update']);
  await run('apt-get', [
    ...settings,
    '--download-only',
    '--yes',
    '--no-install-recommends',
    'install',
    wanted,
  ]);
}

async function unpack(work) {
  const archives = join(work, 'archives');
  const needed = readdirSync(archives).filter((file) => /^(redis|valkey|lib|lua).*\.deb$/.test(file));
  for (const file of needed) await run('dpkg-deb', ['--extract', join(archives, file), join(work, 'root')]);
  for (const part of ['lists', 'archives']) rmSync(join(work, part), { recursive: true, force: true });
}

/** The server runs with the loader and the libraries of its own release. Redis 6.0 finds Lua's cjson by a path. */
function startScript(wanted) {
  return `#!/bin/sh
root="$(dirname "$0")/root"
export LUA_CPATH="$(echo "$root"/usr/lib/*-linux-gnu)/lua/5.1/?.so"
libraries="$(echo "$root"/lib/*-linux-gnu "$root"/usr/lib/*-linux-gnu | tr ' ' ':')"
for loader in "$root"/lib/*-linux-gnu/ld-[l2]*.so* "$root"/usr/lib/*-linux-gnu/ld-[l2]*.so*; do
  [ -f "$loader" ] && exec "$loader" --library-path "$libraries" "$root/usr/bin/${wanted}" "$@"
done
`;
}

async function run(program, args) {
  const { code, output } = await runBounded(program, args, { cwd: ROOT, timeoutMs: TIMEOUT_MS });
  if (code !== 0)
    throw new SetupError(`${program} failed:\n${output.trim().split('\n').slice(-5).join('\n')}`);
}
