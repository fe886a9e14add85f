import { once } from 'node:events';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, SocketClosedUnexpectedlyError } from 'redis';
import { endClient, type Redis } from './client.js';
import { failureOf } from './failure.js';
import { parseRedisUrl } from './redis-url.js';
import { describeTarget, type Target } from './target.js';

/** How long to wait for a connection that is ready for commands. */
const CONNECT_MS = 7_000;
/**
 * How long nothing may come or go while the server owes an answer. A ping and a renewal of the lock may still go, the last
 * within 10 s: together that stays below 30 s.
 */
const SILENCE_MS = 18_000;
const PING_MS = 8_000;

export interface ConnectOptions {
  /** Shown by `CLIENT LIST` on the server. */
  name: string;
  /** Ends the waiting when aborted. */
  signal?: AbortSignal;
  /** The flag that named the server, where it is another than `--redis-url`: errors tell it. */
  flag?: string;
}

/**
 * Connects to one Redis server, ready for commands, in 7 s at the most. Never reconnects: a tool that lost its
 * server must end and say so. With `rediss://` the server's certificate is verified. Close it with `closeTarget`.
 * @throws AtfError `USAGE` for a bad URL; `UNREACHABLE`, `TIMEOUT`, `TLS`, `AUTH` and the like where it fails
 */
export async function connectTarget(url: string, { name, signal, flag }: ConnectOptions): Promise<Target> {
  const { description, password } = parseRedisUrl(url);
  const { host, port, database, tls, user } = description;
  const client = createClient({
    RESP: 3,
    name,
    database,
    ...(user === null ? {} : { username: user }),
    ...(password === undefined ? {} : { password: loginPassword(password) }),
    socket: {
      host,
      port,
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: false,
      ...(tls ? tlsOptions(host) : {}),
    },
    pingInterval: PING_MS,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    commandOptions: { timeout: SILENCE_MS },
  }) as Redis;
  client.on('error', () => {}); // whoever awaits a command is told by its rejection
  try {
    await connected(client, signal);
  } catch (error) {
    endClient(client);
    throw failureOf(tooEarly(error), `${describeTarget(description)}${flag ? ` (${flag})` : ''}`);
  }
  return { client, description };
}

/** node-redis logs in where a password is truthy only. A user may have none (`nopass`), and must not become `default`. */
function loginPassword(password: string): string {
  return password === '' ? (Buffer.alloc(0) as unknown as string) : password;
}

/** The server is verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
function tlsOptions(host: string) {
  return { tls: true as const, rejectUnauthorized: true, ...(isIP(host) ? {} : { servername: host }) };
}

/** Closes the target's connections at once. A command that is under way is rejected. */
export function closeTarget({ client }: Target): void {
  endClient(client);
}

/** Resolves when the client is ready for commands; rejects after {@link CONNECT_MS}, and when the signal is aborted. */
async function connected(client: Redis, signal: AbortSignal = new AbortController().signal): Promise<void> {
  signal.throwIfAborted();
  const done = new AbortController();
  const stopped = once(signal, 'abort', { signal: done.signal }).then(() => signal.throwIfAborted());
  const late = sleep(CONNECT_MS, undefined, { signal: done.signal }).then(() => {
    throw new AnswerTimeoutError();
  });
  // An answer that is not Redis' is told by an event alone.
  const wrong = once(client, 'error', { signal: done.signal }).then(([error]) => Promise.reject(error));
  try {
    await Promise.race([client.connect(), stopped, late, wrong]);
  } finally {
    for (const waiting of [stopped, late, wrong]) waiting.catch(() => {});
    done.abort();
  }
}

/** What has another meaning before there ever was a connection. */
function tooEarly(error: unknown): unknown {
  const { message, code } = error as NodeJS.ErrnoException;
  if (message?.startsWith('Unknown RESP type')) return new NotRedisError(message, { cause: error });
  if (code === 'ECONNRESET' || error instanceof SocketClosedUnexpectedlyError) {
    return new HungUpError(message, { cause: error });
  }
  return error;
}

/** The connection stands, but nothing comes. */
class AnswerTimeoutError extends Error {}
/** Something else comes than Redis would send. */
class NotRedisError extends Error {}
/** The server closes the connection without a word. */
class HungUpError extends Error {}
