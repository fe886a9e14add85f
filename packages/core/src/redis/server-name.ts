import type { Redis } from './client.js';

/**
 * Name and version of the server, such as `Redis 7.0.15` or `Valkey 9.1.2`. Valkey also reports the version of Redis that it
 * is compatible with, which says nothing about its dumps. Undefined: the server does not tell. Cost: one call.
 * @throws what Redis refuses
 */
export async function serverName(client: Redis): Promise<string | undefined> {
  const info = String(await client.sendCommand<unknown>(['INFO', 'server']));
  const field = (name: string) => new RegExp(`^${name}:([\\w.-]+)`, 'm').exec(info)?.[1];
  const valkey = field('valkey_version');
  if (valkey !== undefined) return `Valkey ${valkey}`;
  const version = field('redis_version');
  return version === undefined ? undefined : `Redis ${version}`;
}
