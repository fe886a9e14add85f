import type { Redis } from './client.js';
import type { TargetDescription } from './target-schema.js';

/**
 * Where the tasks are: one primary today. Tools count through a count and reach tasks through scans that are given a
 * primary, so that a target which spreads its keys over several is a matter of core.
 */
export interface Target {
  client: Redis;
  description: TargetDescription;
}

/** The target of a client that a program has connected itself. The program closes it. */
export function targetOf(client: Redis): Target {
  const { socket, database = 0, username = null } = client.options ?? {};
  const {
    host = 'localhost',
    port = 6379,
    tls = false,
  } = (socket ?? {}) as {
    host?: string;
    port?: number;
    tls?: boolean;
  };
  return { client, description: { host, port, database, tls, user: username } };
}

/** `redis://host:port/database`, for people. User and password are never in it. */
export function describeTarget({ host, port, database, tls }: TargetDescription): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls ? 'rediss' : 'redis'}://${name}:${port}/${database}`;
}
