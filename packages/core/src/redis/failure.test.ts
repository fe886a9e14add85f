import { describe, expect, test } from '@jest/globals';
import { ErrorReply } from 'redis';
import { AtfError } from '../errors.js';
import { failureOf, isRefusal } from './failure.js';
import type { Target } from './target.js';

const TARGET: Target = {
  client: undefined as never,
  description: { host: 'db', port: 6379, database: 1, tls: false, user: 'ops' },
};

const HALF = { action: 'written', counts: { counters: 3 }, unconfirmed: 0 } as const;
const ALL = { action: 'written', counts: { counters: 6 }, unconfirmed: 0 } as const;
const UNSURE = { action: 'deleted', counts: {}, unconfirmed: 9 } as const;

const errno = (code: string, cause?: unknown) =>
  Object.assign(new Error(`${code} db:6379`, { cause }), { code });

describe('an error reply', () => {
  test.each([
    ['WRONGPASS invalid username-password pair or user is disabled.', 'AUTH', /password is wrong/],
    ['NOAUTH Authentication required.', 'AUTH', /wants a password/],
    ["NOPERM User ops has no permissions to run the 'evalsha' command", 'NO_PERMISSION', /evalsha/],
    ['NOPERM No permissions to access a key', 'NO_PERMISSION', /a key/],
    [
      "ERR ACL failure in script: User ops can't run this command or subcommand",
      'NO_PERMISSION',
      /^User ops can't run/,
    ],
    ['LOCKLOST {"tool":"fix-counter-sync"}', 'LOCKED', /another tool/],
    ["READONLY You can't write against a read only replica.", 'READ_ONLY', /replica/],
    ['OOM command not allowed when used memory > maxmemory', 'SERVER', /out of memory/],
    ['LOADING Redis is loading the dataset in memory', 'SERVER', /still loading/],
    ['BUSY Redis is busy running a script.', 'SERVER', /busy/],
    ['MISCONF Redis is configured to save RDB snapshots', 'SERVER', /save to disk/],
    ['NOREPLICAS Not enough good replicas to write.', 'SERVER', /too few of its replicas/],
    [
      'ERR Error running script (call to f_1): @user_script:3: -OOM command not allowed',
      'SERVER',
      /out of memory/,
    ],
    ['MASTERDOWN Link with MASTER is down', 'SERVER', /lost its primary/],
    ['MOVED 3999 127.0.0.1:6381', 'SERVER', /Cluster/],
    ['ERR DB index is out of range', 'USAGE', /no database of that number/],
    [
      "ERR unknown command 'EVALSHA', with args beginning with:",
      'SERVER',
      /^this server does not have the command EVALSHA \(it is needed to run scripts\)$/,
    ],
    [
      'ERR this server does not have the command memory|usage',
      'SERVER',
      /memory\|usage \(it is needed to estimate memory\)/,
    ],
    [
      'ERR Script attempted to access a non local key in a cluster node script: 12, on @user_script:3.',
      'SERVER',
      /named in advance/,
    ],
    ['ERR script tried accessing undeclared key', 'SERVER', /named in advance/],
    [
      'ERR Error running script (call to f_1): @user_script:1: @user_script: 1: Unknown Redis command called from Lua script',
      'SERVER',
      /^this server does not have a command that the tool needs \(the server does not say which\)$/,
    ],
    [
      'ERR Unknown command called from script script: on @user_script:1.',
      'SERVER',
      /^this server does not have a command that the tool needs \(the server does not say which\)$/,
    ],
    ['ERR something new', 'SERVER', /^something new$/],
  ] as const)('%s is understood', (reply, code, why) => {
    const failure = failureOf(new ErrorReply(reply), TARGET);
    expect(failure).toMatchObject({
      code,
      why: expect.stringMatching(why),
      hint: expect.stringMatching(/\.$/),
    });
    expect(failure.message).toMatch(/ at redis:\/\/db:6379\/1$/);
  });

  test('is recognized by its beginning, because the rest may be text that anybody wrote', () => {
    const replies = [
      'LOCKLOST NOPERM',
      'ERR no such key READONLY',
      'BUSYKEY Target key name already exists.',
    ];
    expect(replies.map((reply) => failureOf(new ErrorReply(reply), TARGET))).toMatchObject([
      { code: 'LOCKED' },
      { code: 'SERVER', why: 'no such key READONLY' },
      { code: 'SERVER', why: replies[2] },
    ]);
  });

  test('of what ACL refuses within a script is a missing permission, whatever it is wrapped in', () => {
    const reply =
      "ERR The user executing the script can't access at least one of the keys mentioned script: 1, on @user_script:12.";
    expect(failureOf(new ErrorReply(reply), TARGET).code).toBe('NO_PERMISSION');
  });

  test.each([
    'ERR user_script:7: attempt to concatenate a nil value script: 5dac, on @user_script:7.',
    'ERR user_script:7: attempt to concatenate a nil value script: on @user_script:7.',
    'ERR Error running script (call to f_5dac): @user_script:7: user_script:7: attempt to concatenate a nil value',
  ])('of a script itself is an internal one, in words without Lua: %s', (reply) => {
    expect(failureOf(new ErrorReply(reply), TARGET)).toMatchObject({
      code: 'INTERNAL',
      why: 'a script failed on the server',
    });
  });

  test.each([
    "ERR ACL failure in script: User u has no permissions to run the 'set' command script: 44c4, on @user_script:1.",
    "ERR ACL failure in script: User u has no permissions to run the 'set' command script: on @user_script:1.",
    "ERR The user executing the script can't run this command or subcommand script: 44c4, on @user_script:1.",
    "ERR Error running script (call to f_44c4): @user_script:1: @user_script: 1: The user executing the script can't run this command or subcommand",
    'ERR ACL failure in script: No permissions to access a key script: a2e6, on @user_script:1.',
  ])('of ACL has no words of Lua: %s', (reply) => {
    const { code, why } = failureOf(new ErrorReply(reply), TARGET);
    expect(code).toBe('NO_PERMISSION');
    expect(why).not.toMatch(/user_script|ERR|script:|f_44c4/);
  });

  test('is a refusal where it is known: nothing of the command was done', () => {
    expect(isRefusal(new ErrorReply('OOM command not allowed'))).toBe(true);
    expect(isRefusal(new ErrorReply('ERR something new'))).toBe(false);
    expect(isRefusal(new Error('OOM'))).toBe(false);
  });

  test('about an unknown command keeps no argument of it: that of HELLO is the password', () => {
    const reply = new ErrorReply(
      "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 's3cret' ",
    );
    const failure = failureOf(reply, TARGET);
    const cause = failure.cause as Error;
    expect([failure.why, failure.stack, cause.message, cause.stack].join()).not.toContain('s3cret');
    expect(failure.code).toBe('SERVER');
  });
});

describe('an error of the connection', () => {
  test.each([
    [errno('ECONNREFUSED'), 'UNREACHABLE', /nothing listens/],
    [new AggregateError([errno('ECONNREFUSED'), errno('ECONNREFUSED')]), 'UNREACHABLE', /nothing listens/],
    [errno('ENOTFOUND'), 'UNREACHABLE', /host name/],
    [errno('EHOSTUNREACH'), 'UNREACHABLE', /does not answer/],
    [Object.assign(errno('EINVAL'), { syscall: 'connect' }), 'UNREACHABLE', /to that address/],
    [errno('DEPTH_ZERO_SELF_SIGNED_CERT'), 'TLS', /not trusted/],
    [errno('ERR_TLS_CERT_ALTNAME_INVALID'), 'TLS', /not trusted/],
    [errno('ERR_SSL_WRONG_VERSION_NUMBER'), 'TLS', /no TLS connection/],
    [errno('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'TLS', /certificate of its clients/],
    [errno('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'), 'TLS', /certificate of its clients/],
    [errno('ECONNRESET'), 'CONNECTION_LOST', /lost/],
    [errno('EPIPE'), 'CONNECTION_LOST', /lost/],
    [Object.assign(errno('ENETDOWN'), { syscall: 'read' }), 'CONNECTION_LOST', /lost/],
    [errno('ECONNABORTED'), 'CONNECTION_LOST', /lost/],
    [errno('ERR_STREAM_DESTROYED'), 'CONNECTION_LOST', /lost/],
    [new Error('gone', { cause: errno('ECONNRESET') }), 'CONNECTION_LOST', /lost/],
  ] as const)('%s is understood', (error, code, why) => {
    const failure = failureOf(error, TARGET, UNSURE);
    expect(failure).toMatchObject({
      code,
      why: expect.stringMatching(why),
      done: UNSURE,
    });
    expect(failure.message).toContain('redis://db:6379/1');
    expect(failure.cause).toBe(error);
  });
});

test('a failure has no record of work where nothing can have been written', () => {
  const nothing = { action: 'deleted', counts: { keys: 0 }, unconfirmed: 0 } as const;
  expect(failureOf(errno('ECONNRESET'), TARGET, nothing).done).toBeUndefined();
  const refused = failureOf(new ErrorReply('OOM command not allowed'), TARGET, {
    ...nothing,
    unconfirmed: 9,
  });
  expect(refused.done).toBeUndefined();
});

describe('any other error', () => {
  test.each([[new TypeError('x is undefined')], [errno('EACCES')], ['a string'], [undefined]])(
    '%p is an internal one',
    (thrown) => {
      expect(failureOf(thrown, TARGET)).toMatchObject({
        code: 'INTERNAL',
        why: thrown instanceof Error ? thrown.message : String(thrown),
        hint: expect.stringContaining('DEBUG=atf'),
      });
    },
  );
});

describe('a failure that is known already', () => {
  test('stays itself, and gains what was done', () => {
    const known = new AtfError('UNSTABLE', 'no moment of rest');
    expect(failureOf(known, TARGET, HALF)).toBe(known);
    expect(known.done).toBe(HALF);
  });

  test('keeps what it said of it itself', () => {
    const known = new AtfError('UNSTABLE', 'no moment of rest', { done: ALL });
    expect(failureOf(known, TARGET, HALF).done).toBe(ALL);
    expect(failureOf(known, TARGET).done).toBe(ALL);
  });
});
