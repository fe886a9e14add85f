import { isNativeError } from 'node:util/types';
import { AtfError, type ErrorCode, type ErrorDetails } from '../errors.js';
import { isNothing } from '../work-done.js';
import type { WorkDone } from '../work-done-schema.js';
import { isErrorReply } from './client.js';
import { purposeIn, withoutScriptNoise } from './command-purpose.js';
import { lockLostText } from './lock-holder.js';
import { DENIAL } from './name-denial.js';
import { REFUSED } from './refused.js';
import { describeTarget, type Target } from './target.js';

type Known = [pattern: RegExp, code: keyof typeof FAILED, why: string, hint: string];

/** An error reply that begins so. */
const begins = (words: string) => new RegExp(`^(${words})\\b`);

/** Error replies of the server, by how they begin. The rest of a reply may quote what anybody wrote. */
const REPLIES: readonly Known[] = [
  [
    begins('LOCKLOST'),
    'LOCKED',
    '',
    'Run it again when nobody else is at work: it continues with what is left.',
  ],
  [
    begins('WRONGPASS'),
    'AUTH',
    'the user or the password is wrong',
    'Check both in the URL: redis://user:password@host, or redis://:password@host without a user.',
  ],
  [
    begins('NOAUTH'),
    'AUTH',
    'the server wants a password',
    'Put it into the URL: redis://user:password@host:port/0.',
  ],
  [
    DENIAL,
    'NO_PERMISSION',
    '',
    'Give the user the permission: see the README of the tool for the smallest set.',
  ],
  [
    begins('READONLY'),
    'READ_ONLY',
    'the server is a read-only replica',
    'Name the primary. If it became a replica during the run, run it again with --wait 1m: the lock of this run may remain for up to 30 s.',
  ],
  [
    begins('OOM'),
    'SERVER',
    'the server is out of memory (maxmemory)',
    'Free memory there, or raise maxmemory.',
  ],
  [
    begins('NOREPLICAS'),
    'SERVER',
    'the server refuses writes because too few of its replicas follow it (min-replicas-to-write)',
    'Run it again when they do: INFO replication tells.',
  ],
  [begins('LOADING'), 'SERVER', 'the server is still loading its data', 'Try again when it has started.'],
  [
    begins('BUSY'),
    'SERVER',
    'the server is busy with a script of another client',
    'Try again when that has ended.',
  ],
  [
    begins('MISCONF'),
    'SERVER',
    'the server refuses writes because it cannot save to disk',
    'Free disk space there.',
  ],
  [begins('MASTERDOWN'), 'SERVER', 'the replica has lost its primary', 'Name the primary.'],
  [
    begins('CROSSSLOT|MOVED|CLUSTERDOWN'),
    'SERVER',
    'the server is part of a Redis Cluster, which the tools do not cover',
    'Name a server that is no cluster.',
  ],
  [
    begins('ERR (invalid DB index|DB index is out of range)'),
    'USAGE',
    'the server has no database of that number',
    'Check the number after the last slash of the URL.',
  ],
  [
    /undeclared key|non local key/i,
    'SERVER',
    'the server lets a script use only keys that are named in advance, but the tools find keys in scripts',
    'Use a server that allows it, as Redis and Valkey do.',
  ],
  [
    REFUSED,
    'SERVER',
    '',
    'Allow the command there, or undo its renaming (rename-command). Redis 6.2 or newer has it.',
  ],
];

/** Errors of the connection, by Node's code or the error's class. */
const CONNECTION: readonly Known[] = [
  [/NotRedisError/, 'UNREACHABLE', 'what answers there is no Redis', 'Check host and port.'],
  [
    /HungUpError/,
    'UNREACHABLE',
    'the server closed the connection without a word',
    'Check that a Redis listens on that port, and whether it wants rediss://.',
  ],
  [
    /ECONNREFUSED/,
    'UNREACHABLE',
    'nothing listens there (connection refused)',
    'Check host and port, and that Redis runs.',
  ],
  [
    /connect E(NOENT|NOTSOCK)/,
    'UNREACHABLE',
    'there is no Redis socket at that path',
    'Check the path, and the setting unixsocket of Redis.',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'UNREACHABLE', 'the host name is not known', 'Check the host name.'],
  [
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ConnectionTimeoutError/,
    'UNREACHABLE',
    'the host does not answer',
    'Check host, port and firewall.',
  ],
  [
    /(connect|getaddrinfo) E(INVAL|ACCES|PERM|ADDRNOTAVAIL|NETDOWN|HOSTDOWN)/,
    'UNREACHABLE',
    'no connection can be made to that address',
    'Check host, port and firewall.',
  ],
  [
    /ALERT_(CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE)/,
    'TLS',
    'the server wants a certificate of its clients, and trusts none that it got',
    'Name one in the URL: ?ssl_certfile=FILE&ssl_keyfile=FILE.',
  ],
  [
    /ALERT_HANDSHAKE_FAILURE/,
    'TLS',
    'the server refused the TLS connection: most often it wants a certificate of its clients, and trusts none that it got',
    'Name one in the URL: ?ssl_certfile=FILE&ssl_keyfile=FILE.',
  ],
  [
    /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/,
    'TLS',
    'the certificate of the server is not trusted',
    'Name a host that the certificate is for; add a private CA to the URL: ?ssl_ca_certs=FILE.',
  ],
  [
    /SSL|TLS|EPROTO/,
    'TLS',
    'no TLS connection could be made',
    'Check rediss:// against redis://, and the port.',
  ],
  [
    /SocketTimeoutError|TimeoutError/,
    'TIMEOUT',
    'the server does not answer',
    'Check that a Redis listens on that port, redis:// against rediss://, and its load.',
  ],
  [
    /ECONNRESET|ECONNABORTED|ENETDOWN|EPIPE|STREAM_DESTROYED|SocketClosed|ClientClosed|ClientOffline|Disconnects/,
    'CONNECTION_LOST',
    'the connection was lost',
    'Check that Redis runs, then run it again with --wait 1m: after a failover the lock of this run may remain for up to 30 s.',
  ],
];

/**
 * Turns whatever was thrown into a failure that people understand: what failed, on which target, why, what to do.
 * An AtfError stays itself, and gains `done` if it has none yet. No password can be in the result.
 * `done` is what had been written by then: a command that the server refused adds nothing to it.
 */
export function failureOf(error: unknown, target: Target | string, done?: WorkDone): AtfError {
  const failure = error instanceof AtfError ? error : failureOfUnknown(error, target);
  const written = done && isRefusal(error) ? { ...done, unconfirmed: 0 } : done;
  if (written && !isNothing(written)) failure.done ??= written;
  return failure;
}

function failureOfUnknown(error: unknown, target: Target | string): AtfError {
  const name = typeof target === 'string' ? target : describeTarget(target.description);
  const { code, message, details } = explain(withoutArguments(error), name);
  return new AtfError(code, message, {
    ...details,
    cause: withoutArguments(error),
  });
}

/** True where the server refused a command before it did anything of it: nothing was written. */
export function isRefusal(error: unknown): boolean {
  return isErrorReply(error) && REPLIES.some(([pattern]) => pattern.test(beginningOf(error.message)));
}

/** A server that does not know a command repeats its arguments, and those of HELLO hold the password. */
function withoutArguments(error: unknown): unknown {
  if (!isErrorReply(error)) return error;
  const [, before] = /^(.*?)[,.]? with args beginning with/s.exec(error.message) ?? [];
  if (before === undefined) return error;
  // Message and stack of the original are kept nowhere.
  return Object.setPrototypeOf(new Error(before), Object.getPrototypeOf(error));
}

/** Redis 6 puts words of its own before an error that a script ended with. */
const beginningOf = (text: string) =>
  text.replace(/^ERR Error running script \(.*?\): (@user_script:\s?\d+: )*-?/s, '');

function explain(error: unknown, name: string): { code: ErrorCode; message: string; details: ErrorDetails } {
  const text = isNativeError(error) ? error.message : String(error);
  const reply = isErrorReply(error);
  const marks = reply ? beginningOf(text) : marksOf(error);
  const known = (reply ? REPLIES : CONNECTION).find(([pattern]) => pattern.test(marks));
  if (known) {
    const [, code, why, hint] = known;
    return { code, message: `${FAILED[code]} ${name}`, details: { why: why || whyOf(code, text), hint } };
  }
  if (reply && !LUA_ERROR.test(text)) {
    const details = { why: withoutScriptNoise(text), hint: 'See the log of the server.' };
    return { code: 'SERVER', message: `${FAILED.SERVER} ${name}`, details };
  }
  return {
    code: 'INTERNAL',
    message: `unexpected error with ${name}`,
    details: {
      why: reply ? 'a script failed on the server' : text,
      hint: 'Run it again with DEBUG=atf and report the stack.',
    },
  };
}

/** The reason of a failure whose words depend on the server's. */
function whyOf(code: ErrorCode, text: string): string {
  if (code === 'LOCKED') return lockLostText(text);
  const reason = withoutScriptNoise(text);
  return `${reason}${purposeIn(reason)}`;
}

/** An error of a script itself, not of a command in it: a bug. */
const LUA_ERROR = /(?<!@)\buser_script:\d+: /;

const FAILED = {
  UNREACHABLE: 'cannot reach Redis at',
  TIMEOUT: 'no answer from Redis at',
  TLS: 'no trusted connection to Redis at',
  AUTH: 'the login was refused by Redis at',
  NO_PERMISSION: 'a permission is missing on Redis at',
  LOCKED: 'the maintenance lock was lost on Redis at',
  READ_ONLY: 'cannot write to Redis at',
  CONNECTION_LOST: 'lost the connection to Redis at',
  SERVER: 'an error came from Redis at',
  USAGE: 'cannot use Redis at',
} satisfies Partial<Record<ErrorCode, string>>;

/** System call, code and class of an error and of what lies beneath it, such as the tries of a host with two addresses. */
function marksOf(error: unknown): string {
  if (!isNativeError(error)) return '';
  const { syscall, code, errors = [] } = error as NodeJS.ErrnoException & Partial<AggregateError>;
  return [syscall, code, error.constructor.name, ...errors.map(marksOf), marksOf(error.cause)]
    .filter(Boolean)
    .join(' ');
}
