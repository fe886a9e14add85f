import { depsOf, READING, type Redis, targetOf, WRITING } from '@atf/core';
import { allowUser } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import { takeMaintenanceLock } from '../src/redis/maintenance-lock.js';
import { aclLines, rulesBefore7 } from '../src/redis/permissions.js';

const fixture = useEmptyRedis();

/** Takes the lock as a user who has some rules, for work that needs others; returns what was refused. */
async function refusal(has: readonly string[], needs: readonly string[]): Promise<string | undefined> {
  await allowUser(fixture, 'limited', has);
  const user = await fixture.redis.client();
  await user.auth({ username: 'limited', password: 'password' });
  const target = targetOf(user as unknown as Redis);
  try {
    await (await takeMaintenanceLock(depsOf(target), { tool: 'tool', rules: needs })).release();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    user.destroy();
  }
}

const NEEDS = [
  ...['~a:*', '%R~_b:*', '&news', '+exists', '+hset', '+scan', '+object|encoding', '+publish', '+flushdb'],
  ...WRITING,
  ...READING,
];

test('nothing is refused to a user who has all permissions', async () => {
  expect(await refusal(NEEDS, NEEDS)).toBeUndefined();
});

test.each([
  ['~a:*', 'read and write the key a:'],
  ['%R~_b:*', 'read the key _b:'],
  ['&news', 'publish to the channel news'],
  ['+exists', 'run exists'],
  ['+hset', 'run hset'],
  ['+scan', 'run scan'],
  ['+object|encoding', 'run object|encoding'],
  ['+flushdb', 'run flushdb'],
  ['+set', 'run set'],
  ['+del', 'run del'],
])('a user without %s is told before the lock is taken', async (rule, named) => {
  const has = NEEDS.filter((other) => other !== rule);
  expect(await refusal(has, NEEDS)).toContain(`NOPERM this user has no permission to ${named}`);
  expect(await fixture.client.dbSize()).toBe(0);
});

test('a user who may only read keys of a pattern is told that', async () => {
  const has = NEEDS.map((rule) => (rule === '~a:*' ? '%R~a:*' : rule));
  expect(await refusal(has, NEEDS)).toContain('to read and write the key a:');
});

test.each(['+ping', '+info', '+client|tracking', '+eval_ro'])('%s is not asked for', async (rule) => {
  expect(await refusal(NEEDS, [...NEEDS, rule])).toBeUndefined();
});

test('~* means all keys', async () => {
  const commands = WRITING.filter((rule) => rule.startsWith('+'));
  expect(await refusal(['~*', ...commands], ['~*', ...commands])).toBeUndefined();
  expect(await refusal(['~a*', ...WRITING], ['~*', ...commands])).toContain('read and write the key *');
});

test('a README line names keys before commands, and each rule once', () => {
  const permissions = [['+get', '~b', '+get', '&c'], ['+info']];
  expect(aclLines('ops', permissions)).toEqual([
    'ACL SETUSER ops on >password ~b &c +get',
    'ACL SETUSER ops +info',
  ]);
});

test.each([
  [
    ['%R~a:*', '~b', '+get', '+eval_ro', '+evalsha_ro'],
    'ACL SETUSER ops on >password ~a:* ~b +get +eval +evalsha',
  ],
  [['%R~*', '~b', '&c', '+eval', '+eval_ro'], 'ACL SETUSER ops on >password ~* &c +eval'],
])('%j is written for Redis before 7.0 as %s', (rules, line) => {
  expect(aclLines('ops', [rulesBefore7(rules)])).toEqual([line]);
});
