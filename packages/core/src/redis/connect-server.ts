import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { AtfError } from '../errors.js';
import { endClient, isErrorReply } from './client.js';
import { type ClientSettings, openClient } from './open-client.js';
import type { RedisUrl } from './redis-url.js';
import { REFUSED } from './refused.js';
import { readServerInfo, refuseUnfitServer, replicaRefused } from './server-info.js';
import type { Target } from './target.js';

/** The login of the Sentinels, which is not the one of the servers that they watch. */
export interface SentinelLogin {
  user?: string | undefined;
  password: string;
}

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

/** Connects to the server of the description. Errors call it by `label`. */
export async function connectServer(
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

/** The server is verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
export function tlsOptions(
  host: string,
  { description: { tls }, tlsFiles: { ca, cert, key } }: RedisUrl,
): object {
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
