import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { downloadRedis } from './download-redis.mjs';
import { installByApt } from './install-by-apt.mjs';
import { SetupError, say } from './run-child.mjs';
import { ROOT } from './workspace.mjs';

const HOW_TO_GIVE_ONE = `No Redis server was found, and none could be fetched. Any one of these helps:
  - install one with the system's package manager, so that redis-server is on the PATH;
  - name one: REDISMS_SYSTEM_BINARY=/path/to/redis-server;
  - give this machine make, a C compiler and the network, and run this again: Redis is then downloaded and compiled.`;

/**
 * The path of a Redis server's binary. Takes the first of: the one named by REDISMS_SYSTEM_BINARY, the one on the PATH,
 * the one compiled earlier; else fetches one (minutes), saying what it does.
 */
export async function findRedis() {
  return namedBinary() ?? onPath('redis-server') ?? compiledBinary() ?? (await fetchRedis());
}

async function fetchRedis() {
  const ways = [
    {
      name: 'Redis could not be downloaded and compiled',
      fetch: () => downloadRedis({ to: downloadFolder(), onPath }),
    },
    { name: 'Redis could not be installed by apt-get', fetch: () => installByApt('redis-server') },
  ];
  for (const { name, fetch } of ways) {
    const failure = await fetch();
    const binary = compiledBinary() ?? onPath('redis-server');
    if (binary) return binary;
    say(`${name}: ${failure ?? 'it left no redis-server behind'}`);
  }
  throw new SetupError(HOW_TO_GIVE_ONE);
}

function namedBinary() {
  const named = process.env.REDISMS_SYSTEM_BINARY;
  if (!named) return undefined;
  if (isExecutable(named)) return resolve(named);
  say(`REDISMS_SYSTEM_BINARY names no executable file (${named}); looking for a Redis server elsewhere.`);
  return undefined;
}

function onPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function compiledBinary() {
  const binary = join(downloadFolder(), process.env.REDISMS_VERSION || 'stable', 'redis-server');
  return isExecutable(binary) ? binary : undefined;
}

/** Where redis-memory-server itself would look, worked out without the 0.2 s that loading it takes. */
function downloadFolder() {
  if (process.env.REDISMS_DOWNLOAD_DIR) return resolve(process.env.REDISMS_DOWNLOAD_DIR);
  const shared = join(homedir(), '.cache', 'redis-binaries');
  return existsSync(shared)
    ? shared
    : join(ROOT, 'node_modules', '.cache', 'redis-memory-server', 'redis-binaries');
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
