import { type SandboxRedis, startRedis } from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import { startDisturbed } from '../src/disturb.js';
import { fingerprint } from '../src/fingerprint.js';
import type { Fixture } from '../src/fixture.js';
import { inInstance, type RedisInstance } from '../src/redis-instance.js';
import { reportOf } from '../src/reports.js';
import { isLong, naming, randomFor } from '../src/test-size.js';
import { nameOf, type ToolCase } from '../src/tools.js';
import { expectNoHalfRepair, expectSecondRunCompletes } from '../src/verdicts.js';

/** Starts a server anew in the place of the killed one, with what that had written down, or empty. */
async function startAgain({ folder }: RedisInstance, isPersistent: boolean): Promise<SandboxRedis> {
  const kept = ['--dir', folder, '--appendonly', 'yes', '--enable-debug-command', 'yes'];
  return startRedis({ args: isPersistent ? kept : ['--enable-debug-command', 'yes'] });
}

async function writeEverythingDown({ client }: RedisInstance): Promise<void> {
  await client.sendCommand(['CONFIG', 'SET', 'appendfsync', 'always']);
  await client.sendCommand(['CONFIG', 'SET', 'appendonly', 'yes']);
  await until(async () => !/aof_rewrite_(in_progress|scheduled):1/.test(await client.info('persistence')));
}

const RETURNS = [
  ['and comes back with its data', true],
  ['and comes back empty', false],
] as const;

/** Declares the tests of a tool whose Redis is killed, on a fixture that is set up by then: both in the long run, else a drawn one. */
export function testDeaths(toolCase: ToolCase, currentFixture: () => Fixture): void {
  const drawn = randomFor(`return ${nameOf(toolCase)}`).int(3) === 0 ? RETURNS.slice(1) : RETURNS.slice(0, 1);
  test.each(isLong ? RETURNS : drawn)(
    'on a Redis that is killed in the middle of a write %s, ends and says so',
    (_, isPersistent) =>
      inInstance(async (instance) => {
        const fixture = currentFixture();
        await instance.load(fixture.prepared.rdb);
        await writeEverythingDown(instance);
        const command = randomFor(`death ${nameOf(toolCase)}`).pick(fixture.writes.slice(0, -1)); // the last may be that of the lock
        let again: Promise<SandboxRedis> | undefined;
        await naming(`at ${command}`, async () => {
          const started = await startDisturbed(instance, fixture, {
            command,
            treatment: {
              async beforeReply() {
                again = instance.redis.kill().then(() => startAgain(instance, isPersistent)); // at once: the run may end before
                started.proxy.redirect((await again).url);
              },
            },
            args: ['--json'],
          });
          const run = await started.ended;
          const { error } = await reportOf(toolCase.tool, run);
          expect([run.code, error?.code]).toEqual([4, 'CONNECTION_LOST']);
          const restarted = await instance.on(await again!);
          await restarted.dropLock();
          if (!isPersistent) return expect(await restarted.client.dbSize()).toBe(0);
          if (error?.done === null)
            expect(await fingerprint(restarted.client, toolCase)).toBe(fixture.before.fingerprint);
          await expectNoHalfRepair(restarted, fixture);
          await expectSecondRunCompletes(restarted, fixture);
        }).finally(async () => (await again)?.stop());
      }),
  );
}
