import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { RedisMemoryServer } from 'redis-memory-server';
import { findRedisBinary, serverMajorVersion } from './redis-binary.js';
import { connectClient, type SandboxClient } from './redis-client.js';

export interface StartRedisOptions {
  /** More arguments for redis-server, for example `['--enable-debug-command', 'yes']`. */
  args?: readonly string[];
  /** A fixed port; where it is taken, starting fails. Left out or 0: any free port. */
  port?: number;
  /** Sets `requirepass`; the URL then carries it. */
  password?: string | undefined;
}

export interface SandboxRedis {
  /** `redis://127.0.0.1:PORT/0`, with the password where there is one. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** A new connected client; `stop()` and `kill()` close it. */
  client(): Promise<SandboxClient>;
  /** Closes the clients handed out and ends the server. May be called twice. */
  stop(): Promise<void>;
  /** SIGKILL, as the kernel does it when memory runs out: connections break in the middle of what they did. */
  kill(): Promise<void>;
}

const HOST = '127.0.0.1';
const ATTEMPTS = 8;

/**
 * Starts a Redis server of its own on 127.0.0.1, without persistence; takes about 50 ms. It ends with this process even when
 * `stop()` was never called. Any number may run at once: a port that another process took meanwhile is tried no more.
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<SandboxRedis> {
  const name = join(tmpdir(), `atf-${randomUUID()}`);
  const pidFile = `${name}.pid`;
  // A dump of its own: one that lies there would be loaded. A replica writes one when it joins its primary.
  const files = ['--dir', tmpdir(), '--dbfilename', `${basename(name)}.rdb`, '--pidfile', pidFile];
  const server = await launch({ ...options, args: [...files, ...(options.args ?? [])] });
  const info = server.getInstanceInfo();
  if (info === false || info.childProcess?.pid === undefined) throw new Error('redis-server did not start');
  const { childProcess, port } = info;
  const pid = childProcess.pid as number;
  const login = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
  const url = `redis://${login}${HOST}:${port}/0`;
  const clients = new Set<SandboxClient>();
  const dropClients = (): void => {
    for (const client of clients) if (client.isOpen) client.destroy();
    clients.clear();
  };
  const removeFiles = (): void => {
    for (const file of [pidFile, `${name}.rdb`]) rmSync(file, { force: true });
  };
  return {
    url,
    host: HOST,
    port,
    pid,
    client: async () => {
      const client = await connectClient(url);
      clients.add(client);
      return client;
    },
    stop: async () => {
      dropClients();
      await server.stop();
      removeFiles();
    },
    kill: async () => {
      if (childProcess.exitCode === null && childProcess.signalCode === null) {
        const gone = once(childProcess, 'exit');
        process.kill(pid, 'SIGKILL');
        await gone;
      }
      dropClients();
      await server.stop();
      removeFiles();
    },
  };
}

async function launch(options: StartRedisOptions): Promise<RedisMemoryServer> {
  const systemBinary = findRedisBinary();
  const fixed = options.port === undefined || options.port === 0 ? null : options.port;
  // Before Redis 7 there is no such setting: DEBUG is allowed.
  const args = (options.args ?? []).filter(
    (word, i, words) => serverMajorVersion() >= 7 || ![word, words[i - 1]].includes('--enable-debug-command'),
  );
  if (options.password !== undefined) args.push('--requirepass', options.password);
  for (let attempt = 1; ; attempt++) {
    const server = new RedisMemoryServer({
      instance: { ip: HOST, port: fixed, args },
      ...(systemBinary === undefined ? {} : { binary: { systemBinary } }),
    });
    try {
      await server.start();
      const taken = fixed !== null && (await server.getPort()) !== fixed;
      if (!taken) return server;
      await server.stop();
      throw new Error(`port ${fixed} is in use`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (fixed !== null || attempt === ATTEMPTS) {
        throw new Error(`redis-server could not be started: ${reason}`, { cause: error });
      }
    }
  }
}
