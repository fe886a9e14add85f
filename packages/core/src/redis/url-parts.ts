import { AtfError } from '../errors.js';

/** `host` or `host:port`. An IPv6 address is in brackets. */
export function parseHost(
  text: string,
  defaultPort: number,
  explain: (() => AtfError) | undefined,
): { host: string; port: number } {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-f:.]+)\]|([^\s[\]:<>^|%\\]+))(?::(\d{0,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits ? Number(digits) : defaultPort;
  if (host === undefined || port < 1 || port > 65_535) {
    throw (
      explain?.() ??
      malformed('host or port cannot be read; special characters in a password are written as %XX')
    );
  }
  return { host, port };
}

/** `user:password`, `:password`, `user`, or nothing. */
export function parseLogin(text: string): { user: string | null; password: string | undefined } {
  const [user = '', ...rest] = text.split(':');
  const password = decoded(rest.join(':'));
  return { user: user === '' ? null : decoded(user), password: password === '' ? undefined : password };
}

/** The number after the slash. Nothing, and slashes alone, mean 0. */
export function parseDatabase(path: string): number {
  const digits = path.replace(/^\/+|\/+$/g, '') || '0';
  if (!/^\d{1,9}$/.test(digits)) throw malformed('what follows the last slash is no database number');
  return Number(digits);
}

/** Percent-encoded text as it is meant. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed('it contains a % that is not written as %25');
  }
}

export function malformed(why: string): AtfError {
  return new AtfError('USAGE', 'the Redis URL cannot be used', {
    why,
    hint: 'Write it like redis://localhost:6379/0 or rediss://user:password@host:6380/1.',
  });
}
