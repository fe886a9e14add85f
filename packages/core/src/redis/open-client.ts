import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, SocketClosedUnexpectedlyError } from 'redis';
import { endClient, isErrorReply, type Redis } from './client.js';
import { REFUSED } from './refused.js';

/** How long to wait for a connection that is ready for commands. */
const CONNECT_MS = 7_000;
/**
 * How long nothing may come or go while the server owes an answer. A ping and a renewal of the lock may still go, the last
 * within 10 s: together that stays below 30 s.
 */
const SILENCE_MS = 18_000;
const PING_MS = 8_000;

/** Where and how to connect. */
export interface ClientSettings {
  /** Shown by `CLIENT LIST` on the server. */
  name: string;
  /** Options of Node's sockets: `host` and `port`, or `path`, and those of TLS. */
  socket: object;
  database: number;
  user: string | null;
  password: string | undefined;
  /** Default 7,000. */
  connectMs?: number;
}

/**
 * Makes a connection that is ready for commands. It is never made again: a tool that lost its server ends. A server
 * that refuses HELLO, as some proxies do, is spoken to in RESP2.
 * @throws whatever the server or the socket says
 */
export async function openClient(settings: ClientSettings, signal?: AbortSignal): Promise<Redis> {
  try {
    return await open(settings, { RESP: 3, name: settings.name }, signal);
  } catch (error) {
    if (!isErrorReply(error) || !REFUSED.test(error.message)) throw error;
    return await open(settings, { RESP: 2 }, signal);
  }
}

async function open(
  { socket, database, user, password, connectMs = CONNECT_MS }: ClientSettings,
  protocol: { RESP: 2 | 3; name?: string },
  signal: AbortSignal | undefined,
): Promise<Redis> {
  const client = createClient({
    ...protocol,
    database,
    ...(user === null ? {} : { username: user }),
    ...(password === undefined ? {} : { password: loginPassword(password) }),
    socket: { ...socket, connectTimeout: connectMs, socketTimeout: SILENCE_MS, reconnectStrategy: false },
    pingInterval: PING_MS,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    disableClientInfo: true, // The READMEs' ACL rules do not allow CLIENT SETINFO.
    commandOptions: { timeout: 0 }, // A timer per command costs more than sending it, and SILENCE_MS ends a silent connection.
  }) as Redis;
  client.on('error', () => {}); // whoever awaits a command gets its rejection
  try {
    await connected(client, connectMs, signal);
    return client;
  } catch (error) {
    endClient(client);
    throw tooEarly(error);
  }
}

/** node-redis logs in only if the password is truthy. A user may have none (`nopass`), and must not become `default`. */
function loginPassword(password: string): string {
  return password === '' ? (Buffer.alloc(0) as unknown as string) : password;
}

/** Resolves when the client is ready for commands; rejects after `ms`, and when the signal is aborted. */
async function connected(
  client: Redis,
  ms: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  signal.throwIfAborted();
  const done = new AbortController();
  const stopped = once(signal, 'abort', { signal: done.signal }).then(() => signal.throwIfAborted());
  const late = sleep(ms, undefined, { signal: done.signal }).then(() => {
    throw new AnswerTimeoutError();
  });
  // An answer that is not Redis' is reported by an event alone.
  const wrong = once(client, 'error', { signal: done.signal }).then(([error]) => Promise.reject(error));
  try {
    await Promise.race([client.connect(), stopped, late, wrong]);
  } finally {
    for (const waiting of [stopped, late, wrong]) waiting.catch(() => {});
    done.abort();
  }
}

/** Errors that have another meaning before there ever was a connection. */
function tooEarly(error: unknown): unknown {
  const { message, code } = error as NodeJS.ErrnoException;
  if (message?.startsWith('Unknown RESP type')) return new NotRedisError(message, { cause: error });
  if (code === 'ECONNRESET' || error instanceof SocketClosedUnexpectedlyError) {
    return new HungUpError(message, { cause: error });
  }
  return error;
}

/** The connection is open, but nothing arrives. */
class AnswerTimeoutError extends Error {}
/** Something else comes than Redis would send. */
class NotRedisError extends Error {}
/** The server closes the connection without a word. */
class HungUpError extends Error {}
