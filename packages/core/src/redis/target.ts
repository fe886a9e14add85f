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
    path,
  } = (socket ?? {}) as { host?: string; port?: number; tls?: boolean; path?: string };
  const address = path === undefined ? { host, port } : { host: '', port: 0, socket: path };
  return { client, description: { ...address, database, tls, user: username } };
}

/** The URL of a target, for people and for `parseRedisUrl`. User and password are never in it. */
export function describeTarget({ host, port, database, tls, socket, sentinel }: TargetDescription): string {
  if (socket !== undefined) return `unix://${encodeURI(socket)}${database === 0 ? '' : `?db=${database}`}`;
  const scheme = tls ? 'rediss' : 'redis';
  if (sentinel) {
    const name = sentinel.master === null ? '' : `${encodeURIComponent(sentinel.master)}/`;
    return `${scheme}+sentinel://${sentinel.hosts.join(',')}/${name}${database}`;
  }
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}
