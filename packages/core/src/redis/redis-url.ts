import type { TargetDescription } from './target-schema.js';
import { parseUrlOptions, type TlsFiles, type UrlOptions } from './url-options.js';
import { decoded, malformed, parseDatabase, parseHost, parseLogin } from './url-parts.js';

/** A Redis URL, taken apart. Only `description` may be shown. A user without a password has an empty one. */
export interface RedisUrl {
  description: TargetDescription;
  password: string | undefined;
  tlsFiles: TlsFiles;
}

/** The target if neither a flag nor the environment names one. */
export const DEFAULT_REDIS_URL = 'redis://localhost:6379/0';

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;

/** The schemes and their meanings. Celery writes `redis+socket` and `sentinel`. */
const SCHEMES: Record<string, { tls: boolean; at: 'host' | 'socket' | 'sentinels' }> = {
  redis: { tls: false, at: 'host' },
  rediss: { tls: true, at: 'host' },
  unix: { tls: false, at: 'socket' },
  'redis+socket': { tls: false, at: 'socket' },
  'redis+sentinel': { tls: false, at: 'sentinels' },
  'rediss+sentinel': { tls: true, at: 'sentinels' },
  sentinel: { tls: false, at: 'sentinels' },
};

/**
 * Reads a URL of one of these forms:
 * - `redis://[[user]:password@]host[:port][/database]`, and `rediss://` with TLS
 * - `unix://[[user]:password@]/path[?db=database]`
 * - `redis+sentinel://[[user]:password@]host[:port],host[:port]/master[/database]`, and `rediss+sentinel://` with TLS
 * - `sentinel://host[:port]/database;sentinel://host[:port]/database[?master_name=master]`, as Celery writes it
 * @throws AtfError `USAGE` that says what is wrong. It never repeats the URL, which may contain a password.
 */
export function parseRedisUrl(text: string): RedisUrl {
  const trimmed = text.trim();
  if (trimmed === '') throw malformed('it is empty, be it that of --redis-url or of REDIS_URL');
  if (/^["'`]|["'`]$/.test(trimmed)) throw malformed('it is in quotation marks: leave them out');
  const [first = '', ...others] = trimmed.split(/;(?=[a-z+]+:\/\/)/i);
  const scheme = /^([a-z][a-z+]*):\/\//i.exec(first)?.[1]?.toLowerCase();
  if (scheme === undefined)
    throw malformed('it has no scheme: write redis:// or rediss:// (with TLS) before the host');
  const form = SCHEMES[scheme];
  if (!form)
    throw malformed('its scheme is none of redis://, rediss://, unix://, redis+sentinel:// and sentinel://');
  const [, authority = '', path = '', query = '', fragment = ''] =
    PARTS.exec(first.slice(scheme.length + 3)) ?? [];
  const login = parseLogin(authority.slice(0, Math.max(authority.lastIndexOf('@'), 0)));
  const hosts = authority.slice(authority.lastIndexOf('@') + 1);
  // An `@` behind the authority means that the password has a character that ends the authority.
  if (form.at !== 'socket' && /@/.test(path + fragment)) throw unescaped();
  if (fragment !== '') throw malformed('it has a part after #');
  const options = parseUrlOptions([query, ...others.map(queryOf)].join('&'), { tls: form.tls, unescaped });
  const shared = { tls: form.tls, user: options.user ?? login.user };
  const at = { hosts: [hosts, ...others.map(hostOf)].join(','), path, query };
  return {
    description: { ...shared, ...PLACE_OF[form.at](at, options) },
    password: options.password ?? login.password ?? (shared.user === null ? undefined : ''),
    tlsFiles: options.tlsFiles,
  };
}

const PARTS = /^([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s;

interface Place {
  hosts: string;
  path: string;
  query: string;
}

const PLACE_OF = {
  host: ({ hosts, path, query }: Place, { database }: UrlOptions) => {
    if (hosts === '') throw malformed('it names no host');
    const { host, port } = parseHost(hosts, REDIS_PORT, /@/.test(query) ? unescaped : undefined);
    return { host, port, database: database ?? parseDatabase(path) };
  },
  socket: ({ hosts, path }: Place, { database }: UrlOptions) => {
    if (hosts !== '' || path === '')
      throw malformed('a Unix socket is named by its absolute path: unix:///run/redis.sock');
    return { host: '', port: 0, database: database ?? 0, socket: decoded(path) };
  },
  sentinels: ({ hosts, path }: Place, { database, master }: UrlOptions) => {
    const sentinels = hosts.split(',').map((text) => {
      if (text === '') throw malformed('it names no host of a Sentinel');
      const { host, port } = parseHost(text, SENTINEL_PORT, unescaped);
      return `${host.includes(':') ? `[${host}]` : host}:${port}`;
    });
    const [name, ...rest] = path.split('/').filter(Boolean);
    const isName = name !== undefined && !/^\d+$/.test(name);
    const number = isName ? rest.join('/') : path;
    return {
      host: '',
      port: 0,
      database: database ?? parseDatabase(number),
      sentinel: { master: master ?? (isName ? decoded(name) : null), hosts: sentinels },
    };
  },
};

const hostOf = (url: string) => /^[a-z+]+:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)?.[1] ?? '';
const queryOf = (url: string) => /\?([^#]*)/.exec(url)?.[1] ?? '';

/** The password has a character that has a meaning in a URL. */
function unescaped() {
  return malformed(
    'the password needs percent-encoding: write % as %25, / as %2F, @ as %40, # as %23, ? as %3F and : as %3A',
  );
}

/** A word of the command line that may be a URL in the wrong place: nothing before an `@` is repeated. */
export function withoutLogin(text: string): string {
  return withoutUrlLogin(text).replace(/\S*@/g, '…@');
}

/**
 * A text that may contain a URL, such as the name of a file that should have been one, without user and password. A password
 * that was not encoded may contain spaces, `/` and `@`.
 */
export function withoutUrlLogin(text: string): string {
  return text.replace(/(:\/\/).*@/gs, '$1…@').replace(/(password=)[^&\s]*/gi, '$1…');
}
