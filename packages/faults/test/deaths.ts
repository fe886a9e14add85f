import { type SandboxRedis, startRedis } from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import type { Bench } from '../src/bench.js';
import { startDisturbed } from '../src/disturb.js';
import { isLong, naming, randomFor } from '../src/effort.js';
import { fingerprint } from '../src/fingerprint.js';
import { reportOf } from '../src/reports.js';
import { inSlot, type Slot } from '../src/slot.js';
import { nameOf, type ToolCase } from '../src/tools.js';
import { expectNoHalfRepair, expectSecondRunCompletes } from '../src/verdicts.js';

/** Starts a server anew in the place of the killed one, with what that had written down, or empty. */
async function startAgain({ folder }: Slot, isPersistent: boolean): Promise<SandboxRedis> {
  const kept = ['--dir', folder, '--appendonly', 'yes', '--enable-debug-command', 'yes'];
  return startRedis({ args: isPersistent ? kept : ['--enable-debug-command', 'yes'] });
}

async function writeEverythingDown({ client }: Slot): Promise<void> {
  await client.sendCommand(['CONFIG', 'SET', 'appendfsync', 'always']);
  await client.sendCommand(['CONFIG', 'SET', 'appendonly', 'yes']);
  await until(async () => !/aof_rewrite_(in_progress|scheduled):1/.test(await client.info('persistence')));
}

const RETURNS = [
  ['and comes back with its data', true],
  ['and comes back empty', false],
] as const;

/** Declares the tests of a tool whose Redis is killed, on a bench that is set up by then: both in the long run, else a drawn one. */
export function testDeaths(toolCase: ToolCase, benchNow: () => Bench): void {
  const drawn = randomFor(`return ${nameOf(toolCase)}`).int(3) === 0 ? RETURNS.slice(1) : RETURNS.slice(0, 1);
  test.each(isLong ? RETURNS : drawn)(
    'on a Redis that is killed in the middle of a write %s, ends and says so',
    (_, isPersistent) =>
      inSlot(async (slot) => {
        const bench = benchNow();
        await slot.load(bench.prepared.rdb);
        await writeEverythingDown(slot);
        const command = randomFor(`death ${nameOf(toolCase)}`).pick(bench.writes.slice(0, -1)); // the last may be that of the lock
        let again: Promise<SandboxRedis> | undefined;
        await naming(`at ${command}`, async () => {
          const started = await startDisturbed(slot, bench, {
            command,
            treatment: {
              async beforeReply() {
                again = slot.redis.kill().then(() => startAgain(slot, isPersistent)); // at once: the run may end before
                started.proxy.redirect((await again).url);
              },
            },
            args: ['--json'],
          });
          const run = await started.ended;
          const { error } = await reportOf(toolCase.tool, run);
          expect([run.code, error?.code]).toEqual([4, 'CONNECTION_LOST']);
          const restarted = await slot.on(await again!);
          await restarted.dropLock();
          if (!isPersistent) return expect(await restarted.client.dbSize()).toBe(0);
          if (error?.done === null)
            expect(await fingerprint(restarted.client, toolCase)).toBe(bench.before.fingerprint);
          await expectNoHalfRepair(restarted, bench);
          await expectSecondRunCompletes(restarted, bench);
        }).finally(async () => (await again)?.stop());
      }),
  );
}
