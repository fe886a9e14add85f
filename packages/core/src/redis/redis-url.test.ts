import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_REDIS_URL, parseRedisUrl, withoutLogin, withoutUrlLogin } from './redis-url.js';
import { describeTarget } from './target.js';

const described = (url: string) => parseRedisUrl(url).description;

describe('a Redis URL', () => {
  test.each([
    [DEFAULT_REDIS_URL, { host: 'localhost', port: 6379, database: 0, tls: false, user: null }],
    ['redis://db', { host: 'db', port: 6379, database: 0, tls: false, user: null }],
    ['redis://db/', { host: 'db', port: 6379, database: 0, tls: false, user: null }],
    ['rediss://db.example:6380/12', { host: 'db.example', port: 6380, database: 12, tls: true, user: null }],
    ['REDIS://db:1/3', { host: 'db', port: 1, database: 3, tls: false, user: null }],
    ['redis://ops:pw@10.0.0.1', { host: '10.0.0.1', port: 6379, database: 0, tls: false, user: 'ops' }],
    ['redis://:pw@[::1]:7000/1', { host: '::1', port: 7000, database: 1, tls: false, user: null }],
  ])('%s names a target', (url, description) => {
    expect(described(url)).toEqual(description);
  });

  test('may have any user and password, escaped', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(word, word, (user, password) => {
        const url = `redis://${encodeURIComponent(user)}:${encodeURIComponent(password)}@db:6379/0`;
        const parsed = parseRedisUrl(url);
        expect([parsed.description.user, parsed.password]).toEqual([user, password]);
      }),
    );
  });

  test('may have a password alone, a user alone, or neither', () => {
    expect(parseRedisUrl('redis://:pw@db')).toMatchObject({ password: 'pw', description: { user: null } });
    for (const url of ['redis://ops@db', 'redis://ops:@db']) {
      expect(parseRedisUrl(url)).toMatchObject({ password: '', description: { user: 'ops' } });
    }
    expect(parseRedisUrl('redis://db')).toMatchObject({ password: undefined, description: { user: null } });
  });
});

describe('a URL as redis-py and Celery read it', () => {
  test.each([
    ['redis://db//', 0],
    ['redis://db/3/', 3],
    ['  redis://db/3\n', 3],
    ['redis://db?db=4', 4],
    ['redis://db/3?db=4', 4],
    ['redis://db/3?socket_timeout=5&health_check_interval=30', 3],
    ['rediss://db/3?ssl_cert_reqs=required&ssl_check_hostname=True', 3],
    ['rediss://db/3?ssl_cert_reqs=CERT_REQUIRED', 3],
  ])('%j names database %p', (url, database) => {
    expect(described(url)).toMatchObject({ host: 'db', database });
  });

  test('may have user and password behind the ?', () => {
    expect(parseRedisUrl('redis://db?username=ops&password=p%40ss')).toMatchObject({
      password: 'p@ss',
      description: { user: 'ops' },
    });
  });

  test('names the files of TLS', () => {
    const { tlsFiles } = parseRedisUrl(
      'rediss://db?ssl_ca_certs=/a@b.pem&ssl_certfile=c.pem&ssl_keyfile=k.pem',
    );
    expect(tlsFiles).toEqual({ ca: '/a@b.pem', cert: 'c.pem', key: 'k.pem' });
  });

  test.each([
    ['unix:///run/redis.sock', 0, undefined],
    ['unix:///run/redis.sock?db=2', 2, undefined],
    ['unix://:pw@/run/redis.sock', 0, 'pw'],
    ['unix:///run/redis.sock?password=pw', 0, 'pw'],
    ['redis+socket:///run/redis.sock?virtual_host=2', 2, undefined],
  ])('%s names a Unix socket', (url, database, password) => {
    const parsed = parseRedisUrl(url);
    expect(parsed.description).toEqual({
      host: '',
      port: 0,
      tls: false,
      user: null,
      socket: '/run/redis.sock',
      database,
    });
    expect(parsed.password).toBe(password);
  });

  const sentinels = (master: string | null, hosts = ['a:26379', 'b:26380']) => ({
    sentinel: { master, hosts },
  });
  test.each([
    ['redis+sentinel://a,b:26380/mymaster/2', { ...sentinels('mymaster'), database: 2, tls: false }],
    ['redis+sentinel://a,b:26380/mymaster', { ...sentinels('mymaster'), database: 0 }],
    ['rediss+sentinel://a,b:26380/mymaster', { ...sentinels('mymaster'), tls: true }],
    ['redis+sentinel://ops:pw@a,[::1]:1/m', { ...sentinels('m', ['a:26379', '[::1]:1']), user: 'ops' }],
    ['redis+sentinel://a/2', { ...sentinels(null, ['a:26379']), database: 2 }],
    ['sentinel://a:26379/1;sentinel://b:26380/1', { ...sentinels(null), database: 1 }],
    ['sentinel://a;sentinel://b:26380/1?master_name=m', sentinels('m')],
    ['sentinel://:pw@a:26379/1?master_name=m;sentinel://:pw@b:26380/1', { ...sentinels('m'), database: 1 }],
  ])('%s names Sentinels', (url, description) => {
    expect(described(url)).toMatchObject(description);
  });

  test.each([
    'redis://db:1/2',
    'rediss://[::1]:7/0',
    'unix:///run/a%20b.sock?db=2',
    'redis+sentinel://a:1,b:2/my%2Fmaster/3',
    'redis+sentinel://a:1,b:2/3',
  ])('%s is described so that it can be read again', (url) => {
    expect(describeTarget(described(url))).toBe(url);
  });
});

describe('no Redis URL', () => {
  test.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['localhost:6379', 'no scheme'],
    ['http://geheim@db', 'none of redis://'],
    ['redis:/db', 'no scheme'],
    ['"redis://:geheim@db"', 'quotation marks'],
    ["'redis://:geheim@db'", 'quotation marks'],
    ['redis://:geheim@db"', 'quotation marks'],
    ['rediss://db?ssl_cert_reqs=none', 'ssl_cert_reqs would weaken'],
    ['rediss://db?ssl_cert_reqs=CERT_NONE', 'ssl_cert_reqs would weaken'],
    ['rediss://db?ssl_cert_reqs=optional', 'ssl_cert_reqs would weaken'],
    ['rediss://db?ssl_check_hostname=false', 'ssl_check_hostname would weaken'],
    ['redis://db?ssl_ca_certs=ca.pem', 'ssl_ca_certs needs TLS'],
    ['rediss://db?ssl_certfile=cert.pem', 'belong together'],
    ['redis://db?geheim=1', 'an option after ?'],
    ['redis://db?db=x', 'no database number'],
    ['redis://:ge?heim@db', 'needs percent-encoding'],
    ['redis://geheim:12?3@db', 'needs percent-encoding'],
    ['redis://db#geheim', 'a part after #'],
    ['unix://', 'absolute path'],
    ['unix://geheim/redis.sock', 'absolute path'],
    ['redis+sentinel:///mymaster/0', 'names no host of a Sentinel'],
    ['redis+sentinel://a,,b/mymaster', 'names no host of a Sentinel'],
    ['redis+sentinel://:ge/heim@a/mymaster', 'needs percent-encoding'],
    ['redis+sentinel://a/mymaster/x', 'no database number'],
    ['redis://', 'names no host'],
    ['redis:///0', 'names no host'],
    ['redis://:geheim@:6379/0', 'cannot be read'],
    ['redis://:geheim@db:port', 'cannot be read'],
    ['redis://:geheim@db:65536', 'cannot be read'],
    ['redis://:ge/heim@db:6379/0', 'needs percent-encoding'],
    ['redis://:geheim', 'cannot be read'],
    ['redis://:geheim%@db', '%25'],
    ['redis://:geheim@db/geheim', 'no database number'],
    ['redis://:geheim@db/-1', 'no database number'],
    ['redis://:geheim@db/0/1', 'no database number'],
    ['redis://:geheim@db/1.5', 'no database number'],
    ['redis://:ge#heim@db', 'needs percent-encoding'],
  ])('is %j: %s', (url, wrong) => {
    expect(() => parseRedisUrl(url)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: 'the Redis URL cannot be used',
        why: expect.stringContaining(wrong),
        hint: expect.stringContaining('redis://localhost:6379/0'),
      }),
    );
  });

  test('is ever repeated: it may hold a password', () => {
    const almost = fc
      .tuple(
        fc.constantFrom(
          'redis://',
          'rediss://',
          'redis:',
          '',
          'unix://',
          'redis+sentinel://',
          'sentinel://a;sentinel://',
        ),
        fc.string(),
        fc.string(),
      )
      .map(([scheme, before, after]) => `${scheme}${before}geheim${after}`);
    fc.assert(
      fc.property(almost, (url) => {
        let thrown: unknown;
        try {
          parseRedisUrl(url);
        } catch (error) {
          thrown = error;
        }
        expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain('geheim');
      }),
      { numRuns: 1_000 },
    );
  });
});

test('a word of the command line is repeated without a login', () => {
  expect(withoutLogin('Unknown argument: redis://ops:ge@heim@db:6379/0')).toBe(
    'Unknown argument: …@db:6379/0',
  );
  expect(withoutLogin('Unknown argument: redis://:ge im @he/im@db:6379/0')).not.toMatch(/ge im|he\/im/);
  expect(withoutLogin('Unknown argument: dryrun')).toBe('Unknown argument: dryrun');
});

test('a text is repeated without the login of a URL in it, and else as it is', () => {
  expect(withoutUrlLogin("open 'redis://:ge im/he@im@db:6379/0'")).toBe("open 'redis://…@db:6379/0'");
  expect(withoutUrlLogin('the backup /backups/ops@db exists')).toBe('the backup /backups/ops@db exists');
  expect(withoutUrlLogin('no answer from Redis at redis://db:6379/0')).toContain('redis://db:6379/0');
});
