import { AtfError } from '../errors.js';
import type { TargetDescription } from './target-schema.js';

/** A Redis URL, taken apart. The password is a secret: only `description` may be shown. A user without one has an empty one. */
export interface RedisUrl {
  description: TargetDescription;
  password: string | undefined;
}

/** The target where neither a flag nor the environment names one. */
export const DEFAULT_REDIS_URL = 'redis://localhost:6379/0';

/**
 * Reads `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS.
 * @throws AtfError `USAGE` that says what is wrong with it, without repeating it: it may hold a password
 */
export function parseRedisUrl(text: string): RedisUrl {
  if (text.trim() === '') throw malformed('it is empty, be it that of --redis-url or of REDIS_URL');
  if (!/^rediss?:\/\//i.test(text)) throw malformed('it does not begin with redis:// or rediss://');
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw malformed('host or port cannot be read; special characters in a password are written as %XX');
  }
  if (url.hostname === '') throw malformed('it names no host');
  if (url.search !== '' || url.hash !== '')
    throw malformed('it has a part after ? or #, which is not known here');
  const database = url.pathname.replace(/^\//, '') || '0';
  if (!/^\d{1,9}$/.test(database)) throw malformed('what follows the last slash is no database number');
  const user = decoded(url.username);
  return {
    description: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? 6379 : Number(url.port),
      database: Number(database),
      tls: url.protocol === 'rediss:',
      user: user === '' ? null : user,
    },
    password: url.password === '' && user === '' ? undefined : decoded(url.password),
  };
}

/** A word of the command line that may be a URL in the wrong place: what stands before an `@` is not repeated. */
export function withoutLogin(text: string): string {
  return withoutUrlLogin(text).replace(/\S*@/g, '…@');
}

/**
 * Any text in which a URL may stand, such as the name of a file that should have been one: user and password are cut out. A
 * password that was not encoded may hold spaces, `/` and `@` itself.
 */
export function withoutUrlLogin(text: string): string {
  return text.replace(/(:\/\/).*@/gs, '$1…@');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed('user or password holds a % that is not written as %25');
  }
}

function malformed(why: string): AtfError {
  return new AtfError('USAGE', 'the Redis URL cannot be used', {
    why,
    hint: `Write it like ${DEFAULT_REDIS_URL} or rediss://user:password@host:6380/1.`,
  });
}
