import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { allowUser, usersLackingOne } from '../acl.js';
import { counterKey } from '../keys.js';
import { runBin } from '../run-bin.js';
import { seedAsyncTaskFlow } from '../seeding/seed-asynctaskflow.js';
import { useRedis } from './use-redis.js';

/** Only tracking needs these. Without them, one script counts so few keys. */
const WITHOUT_TRACKING = {
  except: ['+client|tracking', '+client|id', '+client|unblock', '+subscribe', '+xread', '&atf:counting'],
};

/** The permissions of the two users of such a tool. */
interface CounterPermissions {
  writer: readonly [readonly string[]];
  monitor: readonly [readonly string[]];
}

/** The tool's function, run with a URL. Resolves to the failure that it ends with. */
type Refusal = (url: string, options: { dryRun: boolean }) => Promise<object>;

/** Declares the tests of a tool that repairs counters, as the Redis users that its README names, and as lesser ones. */
export function testCounterToolPermissions(
  tool: string,
  { writer: [fullRules], monitor: [monitorRules] }: CounterPermissions,
  refusal: Refusal,
): void {
  const fixture = useRedis();

  const run = async (rules: readonly string[], ...args: string[]) =>
    runBin(tool, ['--redis-url', await allowUser(fixture, 'counters', rules), ...args]);

  const seed = async (tasks: number) => {
    await fixture.client.flushDb();
    await seedAsyncTaskFlow(fixture.client, { tasks, seed: 1, faults: { notAHash: 1, missingState: 1 } });
  };
  const drift = () => fixture.client.mSet({ [counterKey('ACTIVE')]: '99', [counterKey('DLQ')]: 'abc' });

  describe('the permissions that the README names', () => {
    test.each([
      ['few keys', 30],
      ['so many keys that tasks are followed', 6_000],
    ])('are enough for %s', async (_, tasks) => {
      await seed(tasks);
      await drift();
      expect(await run(monitorRules, '--check')).toMatchObject({ code: 1, stderr: '' });
      expect(await run(fullRules)).toMatchObject({ code: 0, stderr: '' });
      expect(await run(monitorRules, '--check')).toMatchObject({ code: 0, stderr: '' });
    });
  });

  describe('one permission less', () => {
    beforeAll(async () => {
      await seed(6_000);
      await fixture.client.del(counterKey('FAILED'));
      await fixture.client.rPush(counterKey('FAILED'), 'no counter');
      // Only where a key expires is PTTL needed. The heartbeats are gone after 90 s.
      await fixture.client.set('expires', 'tomorrow', { expiration: { type: 'EX', value: 86_400 } });
    });
    beforeEach(async () => {
      await drift();
      await fixture.client.scriptFlush();
    });

    const cases = (rules: readonly string[]) =>
      usersLackingOne(rules, WITHOUT_TRACKING).map((user) => [user.lacks, user] as const);
    const refused = async (rules: readonly string[], options: { dryRun: boolean }) =>
      refusal(await allowUser(fixture, 'counters', rules), options);

    test('ends with exit code 4 and the words that nothing was changed', async () => {
      const { code, stderr } = await run(fullRules.filter((rule) => rule !== '+incrby'));
      expect([code, stderr]).toEqual([4, expect.stringContaining('no permission to run incrby')]);
      expect(stderr).toContain('Nothing was changed.');
    });

    test.each(cases(fullRules))('%s: no counter is changed, and it is named', async (_, user) => {
      expect(await refused(user.rules, { dryRun: false })).toMatchObject({
        code: 'NO_PERMISSION',
        why: expect.stringMatching(user.names),
        done: undefined,
      });
      expect(await fixture.client.mGet([counterKey('ACTIVE'), counterKey('DLQ')])).toEqual(['99', 'abc']);
      expect(await fixture.client.exists('atf:maintenance-lock')).toBe(0);
    });

    test.each(cases(monitorRules))(
      '%s: a monitor without it gets no answer, and it is named',
      async (_, user) => {
        expect(await refused(user.rules, { dryRun: true })).toMatchObject({
          code: 'NO_PERMISSION',
          why: expect.stringMatching(user.names),
        });
      },
    );
  });
}
