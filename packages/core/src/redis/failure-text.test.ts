import { expect, test } from '@jest/globals';
import { ErrorReply } from 'redis';
import type { AtfError } from '../errors.js';
import { failureOf } from './failure.js';
import { lockedBy } from './lock-holder.js';

const textOf = ({ message, why, hint }: AtfError) => `${message}: ${why}. ${hint}`;
const errno = (code: string) => Object.assign(new Error(`${code} db:6379`), { code, syscall: 'connect' });

// Word for word, because these sentences are the program's answer to an operator.
test.each([
  [
    'LOCKLOST nobody script: 1, on @x.',
    'the maintenance lock was lost on Redis at DB: the maintenance lock expired, because Redis or this program was suspended for 30 s, or it was deleted. Run it again when nobody else is at work: it continues with what is left.',
  ],
  [
    'LOCKLOST {"tool":"one","host":"h","since":"now"}',
    'the maintenance lock was lost on Redis at DB: the maintenance lock went to another tool meanwhile: one on h since now. Run it again when nobody else is at work: it continues with what is left.',
  ],
  [
    'WRONGPASS invalid',
    'the login was refused by Redis at DB: the user or the password is wrong. Check both in the URL: redis://user:password@host, or redis://:password@host without a user.',
  ],
  [
    'NOAUTH Authentication required.',
    'the login was refused by Redis at DB: the server wants a password. Put it into the URL: redis://user:password@host:port/0.',
  ],
  [
    "NOPERM User ops has no permissions to run the 'evalsha' command",
    `a permission is missing on Redis at DB: this user has no permission to run evalsha (it is needed to run scripts). Give the user the permission: the README of the tool lists all that it needs.`,
  ],
  [
    "ERR Error running script (call to f_44c4): @user_script:1: @user_script: 1: The user executing the script can't run this command or subcommand",
    'a permission is missing on Redis at DB: this user has no permission to run a command that the tool needs (the server does not say which). Give the user the permission: the README of the tool lists all that it needs.',
  ],
  [
    "ERR The user executing the script can't access at least one of the keys mentioned script: 1, on @user_script:12.",
    'a permission is missing on Redis at DB: this user has no permission to use a key that the tool needs (the server does not say which). Give the user the permission: the README of the tool lists all that it needs.',
  ],
  [
    "READONLY You can't write",
    'cannot write to Redis at DB: the server is a read-only replica. Name the primary. If it became a replica during the run, run it again with --wait 1m: the lock of this run may remain for up to 30 s.',
  ],
  [
    'OOM command not allowed',
    'an error came from Redis at DB: the server is out of memory (maxmemory). Free memory there, or raise maxmemory.',
  ],
  [
    'NOREPLICAS Not enough',
    'an error came from Redis at DB: the server refuses writes because too few of its replicas follow it (min-replicas-to-write). Run it again when they do: INFO replication tells.',
  ],
  [
    'LOADING Redis is',
    'an error came from Redis at DB: the server is still loading its data. Try again when it has started.',
  ],
  [
    'BUSY Redis is',
    'an error came from Redis at DB: the server is busy with a script of another client. Try again when that has ended.',
  ],
  [
    'MISCONF Redis is',
    'an error came from Redis at DB: the server refuses writes because it cannot save to disk. Free disk space there.',
  ],
  ['MASTERDOWN Link', 'an error came from Redis at DB: the replica has lost its primary. Name the primary.'],
  [
    'MOVED 3999 127.0.0.1:6381',
    'an error came from Redis at DB: the server is part of a Redis Cluster, which the tools do not cover. Name a server that is no cluster.',
  ],
  [
    'ERR DB index is out of range',
    'cannot use Redis at DB: the server has no database of that number. Check the number after the last slash of the URL.',
  ],
  [
    "ERR unknown command 'EVALSHA'",
    'an error came from Redis at DB: this server does not have the command EVALSHA (it is needed to run scripts). Allow the command there, or undo its renaming (rename-command).',
  ],
  ['ERR something new', 'an error came from Redis at DB: something new. See the log of the server.'],
])('%s of the server is reported in these words', (reply, text) => {
  expect(textOf(failureOf(new ErrorReply(reply), 'DB'))).toBe(text);
});

test.each([
  [
    'ECONNREFUSED',
    'cannot reach Redis at DB: nothing listens there (connection refused). Check host and port, and that Redis runs.',
  ],
  ['ENOTFOUND', 'cannot reach Redis at DB: the host name is not known. Check the host name.'],
  ['EHOSTUNREACH', 'cannot reach Redis at DB: the host does not answer. Check host, port and firewall.'],
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'no trusted connection to Redis at DB: the server wants a certificate of its clients, and trusts none that it got. Name one in the URL: ?ssl_certfile=FILE&ssl_keyfile=FILE.',
  ],
  [
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'no trusted connection to Redis at DB: the server refused the TLS connection: most often it wants a certificate of its clients, and trusts none that it got. Name one in the URL: ?ssl_certfile=FILE&ssl_keyfile=FILE.',
  ],
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'no trusted connection to Redis at DB: the certificate of the server is not trusted. Name a host that the certificate is for; add a private CA to the URL: ?ssl_ca_certs=FILE.',
  ],
  [
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'no trusted connection to Redis at DB: no TLS connection could be made. Check rediss:// against redis://, and the port.',
  ],
  [
    'ECONNRESET',
    'lost the connection to Redis at DB: the connection was lost. Check that Redis runs, then run it again with --wait 1m: after a failover the lock of this run may remain for up to 30 s.',
  ],
  ['NotRedisError', 'cannot reach Redis at DB: what answers there is no Redis. Check host and port.'],
  [
    'HungUpError',
    'cannot reach Redis at DB: the server closed the connection without a word. Check that a Redis listens on that port, and whether it wants rediss://.',
  ],
  [
    'SocketTimeoutError',
    'no answer from Redis at DB: the server does not answer. Check that a Redis listens on that port, redis:// against rediss://, and its load.',
  ],
  [
    'EINVAL',
    'cannot reach Redis at DB: no connection can be made to that address. Check host, port and firewall.',
  ],
  [
    'unheard of',
    'unexpected error with DB: unheard of db:6379. Run it again with DEBUG=atf and report the stack.',
  ],
])('%s of the connection is reported in these words', (code, text) => {
  expect(textOf(failureOf(errno(code), 'DB'))).toBe(text);
});

test.each([
  [
    '{"tool":"one","host":"h","since":"now"}',
    0,
    'another tool is at work on this data: the lock atf:maintenance-lock is held by one on h since now. Run it again when that has ended, or let it wait with --wait 5m; a lock that was left behind expires within 30 s.',
  ],
  [
    '{"tool":"one","host":"h","since":"now"}',
    700,
    'another tool is at work on this data: the lock atf:maintenance-lock is held by one on h since now, after 0.7 s of --wait. Run it again when that has ended, or let it wait longer; a lock that was left behind expires within 30 s.',
  ],
  [
    'something',
    0,
    'another tool is at work on this data: the lock atf:maintenance-lock is held by something. That is no lock of these tools, which go by themselves: if nobody uses it, delete it (DEL atf:maintenance-lock).',
  ],
  [
    null,
    0,
    'another tool is at work on this data: the lock atf:maintenance-lock is held by nobody any more. Run it again when that has ended, or let it wait with --wait 5m; a lock that was left behind expires within 30 s.',
  ],
])('a lock that holds %j, after %d ms of waiting, is reported in these words', (value, waitedMs, text) => {
  expect(textOf(lockedBy(value, waitedMs))).toBe(text);
});
