import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeBaseImages } from './base-images.js';
import { run } from './run.js';
import { importScript } from './scripts.js';

const { installByApt } = await importScript<{
  installByApt(...packages: string[]): Promise<string | undefined>;
}>('lib/install-by-apt.mjs');

/** A container engine that runs, with Compose and with the base images or a way to them. */
export interface ContainerEngine {
  /** The environment in which `docker` reaches it. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

const START_MS = 30_000;

/** Debian packages Compose as a command of its own; these lines make it a command of `docker`. */
const COMPOSE_PLUGIN = `#!/bin/sh
[ "$1" = docker-cli-plugin-metadata ] && exec echo '{"SchemaVersion":"0.1.0","Vendor":"Debian","Version":"1"}'
shift; exec docker-compose "$@"
`;

/**
 * Opens the engine that runs on this machine or, as root, starts one with a folder of its own. Resolves to a sentence
 * that says why there is none.
 */
export async function openEngine(): Promise<ContainerEngine | string> {
  const env = process.env as Record<string, string>;
  if (await succeeds('docker info && docker compose version', env)) return { env, stop: async () => {} };
  if (process.getuid?.() !== 0) return 'No container engine runs here, and only root can start one.';
  if (!(await succeeds('command -v dockerd docker docker-compose', env))) {
    const failure = await installByApt('docker.io', 'docker-compose');
    if (failure) return `No container engine runs here, and none could be installed: ${failure}.`;
  }
  return await startEngine();
}

async function startEngine(): Promise<ContainerEngine | string> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const plugin = join(folder, 'config/cli-plugins/docker-compose');
  mkdirSync(join(plugin, '..'), { recursive: true });
  writeFileSync(plugin, COMPOSE_PLUGIN, { mode: 0o755 });
  const env = {
    ...(process.env as Record<string, string>),
    DOCKER_HOST: `unix://${folder}/socket`,
    DOCKER_CONFIG: join(folder, 'config'),
    DOCKER_BUILDKIT: '0',
  };
  const daemon = spawn('dockerd', daemonArguments(folder), { stdio: 'ignore' });
  const stop = () => stopEngine(daemon, folder);
  if (!(await answers(daemon, env))) {
    await stop();
    return 'A container engine was started here, and did not answer.';
  }
  await makeBaseImages(env);
  return { env, stop };
}

/** Without a bridge and without rules for packets: a machine that is a container itself lets nobody make those. */
function daemonArguments(folder: string): string[] {
  return [
    `--host=unix://${folder}/socket`,
    `--data-root=${folder}/data`,
    `--exec-root=${folder}/exec`,
    `--pidfile=${folder}/pid`,
    ...['--iptables=false', '--ip6tables=false', '--ip-masq=false', '--bridge=none'],
    ...['--storage-driver=overlay2', '--default-ulimit=nofile=20000:20000'],
  ];
}

async function answers(daemon: ChildProcess, env: Record<string, string>): Promise<boolean> {
  const deadline = Date.now() + START_MS;
  while (daemon.exitCode === null && Date.now() < deadline) {
    if (await succeeds('docker info', env)) return true;
    await sleep(200);
  }
  return false;
}

async function stopEngine(daemon: ChildProcess, folder: string) {
  if (daemon.exitCode === null) {
    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await ended;
  }
  await succeeds(`umount ${folder}/exec/netns/default`, process.env as Record<string, string>);
  rmSync(folder, { recursive: true, force: true });
}

async function succeeds(command: string, env: Record<string, string>): Promise<boolean> {
  return (await run('sh', ['-c', command], { env })).code === 0;
}
