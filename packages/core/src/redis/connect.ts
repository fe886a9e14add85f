import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { AtfError } from '../errors.js';
import { endClient, isErrorReply, type Redis } from './client.js';
import { failureOf } from './failure.js';
import { type ClientSettings, openClient } from './open-client.js';
import { parseRedisUrl, type RedisUrl } from './redis-url.js';
import { REFUSED } from './refused.js';
import { askSentinels, type SentinelLogin } from './sentinel.js';
import { readServerInfo, refuseUnfitServer, replicaRefused } from './server-info.js';
import { describeTarget, type Target } from './target.js';

/** How long one Sentinel may take. */
const SENTINEL_MS = 2_000;

export interface ConnectOptions {
  /** Shown by `CLIENT LIST` on the server. */
  name: string;
  /** Ends the waiting when aborted. */
  signal?: AbortSignal;
  /** The flag that named the server, if it is another than `--redis-url`: errors name it. */
  flag?: string;
  /** True: a replica is refused, even one that follows its primary. */
  primaryOnly?: boolean;
  /** The login of the Sentinels, if they want one. */
  sentinelLogin?: SentinelLogin | undefined;
}

/**
 * Connects to one Redis server, ready for commands, in 7 s at most. Never reconnects: a tool that lost its server must end
 * and say so. With TLS the server's certificate is verified. Close the target with `closeTarget`.
 * @throws AtfError `USAGE` for a bad URL; `SERVER` for a server that is too old or holds only a part of the data; `READ_ONLY` for a replica
 *   if `primaryOnly`; `UNREACHABLE`, `TIMEOUT`, `TLS`, `AUTH` and the like if it fails
 */
export async function connectTarget(url: string, options: ConnectOptions): Promise<Target> {
  const parsed = parseRedisUrl(url);
  const { sentinel } = parsed.description;
  const label = `${describeTarget(parsed.description)}${options.flag ? ` (${options.flag})` : ''}`;
  try {
    if (!sentinel) return await connectServer(parsed, options, label);
    return await askSentinels(
      { ...sentinel, label },
      {
        open: (host, port) => openSentinel({ host, port }, parsed, options),
        connect: ({ host, port, master }) => {
          const description = { ...parsed.description, sentinel: { ...sentinel, master }, host, port };
          return connectServer({ ...parsed, description }, { ...options, primaryOnly: true }, label);
        },
      },
    );
  } catch (error) {
    throw failureOf(error, label);
  }
}

/** Connects to the server of the description. Errors call it by `label`. */
async function connectServer(
  url: RedisUrl,
  { name, signal, primaryOnly }: ConnectOptions,
  label: string,
): Promise<Target> {
  const { description, password } = url;
  const { host, port, socket, database, user } = description;
  const settings: ClientSettings = {
    name,
    socket: socket === undefined ? { host, port, ...tlsOptions(host, url) } : { path: socket },
    database,
    user,
    password,
  };
  const client = await openClient(settings, signal).catch((error: unknown) =>
    // A Sentinel has no databases. What it is can be asked without choosing one.
    isErrorReply(error) && REFUSED.test(error.message) && database !== 0
      ? openClient({ ...settings, database: 0 }, signal)
      : Promise.reject(error),
  );
  try {
    const server = await readServerInfo(client);
    if (server) refuseUnfitServer(server, label);
    if (client.options?.database !== database) await client.sendCommand(['SELECT', String(database)]);
    if (!server?.replica) return { client, description };
    const { isLinkUp: _, ...replica } = server.replica;
    if (primaryOnly) throw replicaRefused(replica.primary, label);
    return { client, description: { ...description, replica } };
  } catch (error) {
    endClient(client);
    throw error;
  }
}

/** The Sentinels have a login of their own. */
function openSentinel(
  { host, port }: { host: string; port: number },
  url: RedisUrl,
  { name, signal, sentinelLogin }: ConnectOptions,
): Promise<Redis> {
  const login = { user: sentinelLogin?.user ?? null, password: sentinelLogin?.password };
  const socket = { host, port, ...tlsOptions(host, url) };
  return openClient({ name, socket, database: 0, connectMs: SENTINEL_MS, ...login }, signal);
}

/** The server is verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
function tlsOptions(host: string, { description: { tls }, tlsFiles: { ca, cert, key } }: RedisUrl): object {
  if (!tls) return {};
  return {
    tls: true,
    rejectUnauthorized: true,
    ...(isIP(host) ? {} : { servername: host }),
    ...(ca === undefined ? {} : { ca: read(ca, 'ssl_ca_certs') }),
    ...(cert === undefined ? {} : { cert: read(cert, 'ssl_certfile') }),
    ...(key === undefined ? {} : { key: read(key, 'ssl_keyfile') }),
  };
}

function read(path: string, option: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new AtfError('USAGE', `the file of ${option} cannot be read`, {
      why: (error as Error).message,
      hint: 'Check the path in the URL.',
    });
  }
}

/** Closes the target's connections at once. A command that is under way is rejected. */
export function closeTarget({ client }: Target): void {
  endClient(client);
}
