import { type BackupHeader, parseRedisUrl, type Target, type TargetDescription } from '@atf/core';

/** True if the backup was taken from the database that this run works on. */
export function isSameTarget({ target }: BackupHeader, { description }: Target): boolean {
  let source: TargetDescription;
  try {
    source = parseRedisUrl(target).description;
  } catch {
    return false;
  }
  const { host, port, database } = description;
  return source.host === host && source.port === port && source.database === database;
}

/**
 * The server's version if it is older than the server that made the dumps, because it may be unable to read them. Else
 * null, also if the server does not tell its version. Cost: one call.
 */
export async function olderServerVersion(
  { redisVersion }: BackupHeader,
  { client }: Target,
): Promise<string | null> {
  const info = await client.sendCommand<unknown>(['INFO', 'server']).catch(() => '');
  const version = /redis_version:([\w.-]+)/.exec(String(info))?.[1];
  return version !== undefined && isOlder(version, redisVersion) ? version : null;
}

/** Compares major and minor version: a patch does not change the format of dumps. */
export function isOlder(version: string, than: string): boolean {
  const [[major, minor], [thanMajor, thanMinor]] = [numbersOf(version), numbersOf(than)];
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

function numbersOf(version: string): [number, number] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major ?? 0), Number(minor ?? 0)];
}
