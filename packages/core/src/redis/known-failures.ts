import type { ErrorCode } from '../errors.js';
import { DENIAL } from './name-denial.js';
import { REFUSED } from './refused.js';

/** What failed, by the code of the failure. The name of the target follows. */
export const FAILED = {
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

/** How a failure is recognized, and what it means. An empty `why` is made of the server's words. */
type Known = [pattern: RegExp, why: string, hint: string];

/** The known failures with one code. */
const known = (code: keyof typeof FAILED, ...failures: Known[]) =>
  failures.map(([pattern, why, hint]) => ({ code, pattern, why, hint }));

/** An error reply that begins so. */
const begins = (words: string) => new RegExp(`^(${words})\\b`);

/** Error replies of the server, by how they begin. The rest of a reply may quote what anybody wrote. */
export const ERROR_REPLIES = [
  ...known('LOCKED', [
    begins('LOCKLOST'),
    '',
    'Run it again when nobody else is at work: it continues with what is left.',
  ]),
  ...known(
    'AUTH',
    [
      begins('WRONGPASS'),
      'the user or the password is wrong',
      'Check both in the URL: redis://user:password@host, or redis://:password@host without a user.',
    ],
    [
      begins('NOAUTH'),
      'the server wants a password',
      'Put it into the URL: redis://user:password@host:port/0.',
    ],
  ),
  ...known('NO_PERMISSION', [
    DENIAL,
    '',
    'Give the user the permission: the README of the tool lists all that it needs.',
  ]),
  ...known('READ_ONLY', [
    begins('READONLY'),
    'the server is a read-only replica',
    'Name the primary. If it became a replica during the run, run it again with --wait 1m: the lock of this run may remain for up to 30 s.',
  ]),
  ...known('USAGE', [
    begins('ERR (invalid DB index|DB index is out of range)'),
    'the server has no database of that number',
    'Check the number after the last slash of the URL.',
  ]),
  ...known(
    'SERVER',
    [begins('OOM'), 'the server is out of memory (maxmemory)', 'Free memory there, or raise maxmemory.'],
    [
      begins('NOREPLICAS'),
      'the server refuses writes because too few of its replicas follow it (min-replicas-to-write)',
      'Run it again when they do: INFO replication tells.',
    ],
    [begins('LOADING'), 'the server is still loading its data', 'Try again when it has started.'],
    [begins('BUSY'), 'the server is busy with a script of another client', 'Try again when that has ended.'],
    [begins('MISCONF'), 'the server refuses writes because it cannot save to disk', 'Free disk space there.'],
    [begins('MASTERDOWN'), 'the replica has lost its primary', 'Name the primary.'],
    [
      begins('CROSSSLOT|MOVED|CLUSTERDOWN'),
      'the server is part of a Redis Cluster, which the tools do not cover',
      'Name a server that is no cluster.',
    ],
    [
      /undeclared key|non local key/i,
      'the server lets a script use only keys that are named in advance, but the tools find keys in scripts',
      'Use a server that allows it, as Redis and Valkey do.',
    ],
    [REFUSED, '', 'Allow the command there, or undo its renaming (rename-command).'],
  ),
];

/** Errors of the connection, by Node's code or the error's class. */
export const CONNECTION_ERRORS = [
  ...known(
    'UNREACHABLE',
    [/NotRedisError/, 'what answers there is no Redis', 'Check host and port.'],
    [
      /HungUpError/,
      'the server closed the connection without a word',
      'Check that a Redis listens on that port, and whether it wants rediss://.',
    ],
    [
      /ECONNREFUSED/,
      'nothing listens there (connection refused)',
      'Check host and port, and that Redis runs.',
    ],
    [
      /connect E(NOENT|NOTSOCK)/,
      'there is no Redis socket at that path',
      'Check the path, and the setting unixsocket of Redis.',
    ],
    [/ENOTFOUND|EAI_AGAIN/, 'the host name is not known', 'Check the host name.'],
    [
      /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ConnectionTimeoutError/,
      'the host does not answer',
      'Check host, port and firewall.',
    ],
    [
      /(connect|getaddrinfo) E(INVAL|ACCES|PERM|ADDRNOTAVAIL|NETDOWN|HOSTDOWN)/,
      'no connection can be made to that address',
      'Check host, port and firewall.',
    ],
  ),
  ...known(
    'TLS',
    [
      /ALERT_(CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE)/,
      'the server wants a certificate of its clients, and trusts none that it got',
      'Name one in the URL: ?ssl_certfile=FILE&ssl_keyfile=FILE.',
    ],
    [
      /ALERT_HANDSHAKE_FAILURE/,
      'the server refused the TLS connection: most often it wants a certificate of its clients, and trusts none that it got',
      'Name one in the URL: ?ssl_certfile=FILE&ssl_keyfile=FILE.',
    ],
    [
      /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/,
      'the certificate of the server is not trusted',
      'Name a host that the certificate is for; add a private CA to the URL: ?ssl_ca_certs=FILE.',
    ],
    [/SSL|TLS|EPROTO/, 'no TLS connection could be made', 'Check rediss:// against redis://, and the port.'],
  ),
  ...known('TIMEOUT', [
    /SocketTimeoutError|TimeoutError/,
    'the server does not answer',
    'Check that a Redis listens on that port, redis:// against rediss://, and its load.',
  ]),
  ...known('CONNECTION_LOST', [
    /ECONNRESET|ECONNABORTED|ENETDOWN|EPIPE|STREAM_DESTROYED|SocketClosed|ClientClosed|ClientOffline|Disconnects/,
    'the connection was lost',
    'Check that Redis runs, then run it again with --wait 1m: after a failover the lock of this run may remain for up to 30 s.',
  ]),
];
