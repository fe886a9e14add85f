import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_REDIS_URL, parseRedisUrl, withoutLogin, withoutUrlLogin } from './redis-url.js';

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

describe('no Redis URL', () => {
  test.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['localhost:6379', 'does not begin with redis://'],
    ['http://geheim@db', 'does not begin with redis://'],
    ['redis:/db', 'does not begin with redis://'],
    ['redis://', 'names no host'],
    ['redis:///0', 'names no host'],
    ['redis://:geheim@:6379/0', 'cannot be read'],
    ['redis://:geheim@db:port', 'cannot be read'],
    ['redis://:geheim@db:65536', 'cannot be read'],
    ['redis://:ge/heim@db:6379/0', 'cannot be read'],
    ['redis://:geheim', 'cannot be read'],
    ['redis://:geheim%@db', '%25'],
    ['redis://:geheim@db/geheim', 'no database number'],
    ['redis://:geheim@db/-1', 'no database number'],
    ['redis://:geheim@db/0/1', 'no database number'],
    ['redis://:geheim@db/1.5', 'no database number'],
    ['redis://:geheim@db/0?password=geheim', 'after ? or #'],
    ['redis://:ge#heim@db', 'cannot be read'],
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
      .tuple(fc.constantFrom('redis://', 'rediss://', 'redis:', ''), fc.string(), fc.string())
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
