import { MAINTENANCE_LOCK_KEY } from '@atf/core';
import { type BinRun, type StartedBin, startBin, type Treatment } from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import { startDisturbed } from '../src/disturb.js';
import { fingerprint } from '../src/fingerprint.js';
import type { Fixture } from '../src/fixture.js';
import type { RedisInstance } from '../src/redis-instance.js';
import { expectAccurateReport } from '../src/report-accuracy.js';
import { naming, randomFor } from '../src/test-size.js';
import { nameOf, type ToolCase } from '../src/tools.js';
import { expectSecondRunCompletes } from '../src/verdicts.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = keyof typeof SIGNALS;

/** Declares the tests of a tool that is stopped, on a fixture that is set up by then. */
export function testStops(toolCase: ToolCase, currentFixture: () => Fixture): void {
  const name = nameOf(toolCase);
  /** Sends a signal at a command, and returns how the tool ended. */
  async function signalledAt(command: number, signal: Signal, treatment: Treatment): Promise<BinRun> {
    const fixture = currentFixture();
    await fixture.instance.load(fixture.prepared.rdb);
    const { ended } = await startDisturbed(fixture.instance, fixture, {
      command,
      treatment,
      before: (child) => void child.kill(signal),
      args: ['--json'],
    });
    return ended;
  }

  const random = randomFor(`signals ${name}`);
  const aLook = ({ writes }: Fixture) => 5 + random.int(writes[0]! - 5);
  const aWrite = ({ writes }: Fixture) => random.pick(writes);
  const moments: [string, (fixture: Fixture) => number, Treatment][] = [
    ['before it is connected, by a server that is silent', () => 1, 'stall'],
    ['while it looks', aLook, 'pass'],
    ['while it looks and the server is silent', aLook, 'stall'],
    ['while it writes', aWrite, 'pass'],
    ['while it writes, and the answer never comes', aWrite, 'stall-reply'],
  ];
  test.each(
    moments.map(
      ([moment, command, treatment], i) => [moment, NAMES[i % NAMES.length]!, command, treatment] as const,
    ),
  )('stopped %s by %s, ends and says what was done', async (_, signal, draw, treatment) => {
    const command = draw(currentFixture());
    await naming(`${signal} at ${command}, ${treatment}`, async () => {
      const run = await signalledAt(command, signal, treatment);
      const fixture = currentFixture();
      if (treatment === 'pass') await expectNoLock(fixture.instance);
      await expectAccurateReport(fixture.instance, fixture, run, {
        exits: [SIGNALS[signal]],
        codes: ['STOPPED'],
      });
      await expectSecondRunCompletes(fixture.instance, fixture);
    });
  });

  if (!toolCase.asks) return;
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'stopped at its question by %s, changes nothing',
    async (signal) => {
      const { instance, prepared, before } = currentFixture();
      await instance.load(prepared.rdb);
      const args = [...toolCase.asks!(prepared.backup ?? ''), '--redis-url', instance.redis.url];
      const started = startBin(toolCase.tool, args, { stdin: null });
      await asked(started);
      started.child.kill(signal);
      const { code, stdout, stderr } = await started.ended;
      expect([code, stdout]).toEqual([SIGNALS[signal], '']);
      expect(stderr).toContain(
        `❌ ${toolCase.tool}: stopped by ${signal} (${instance.redis.url})\n   Nothing was changed.\n`,
      );
      await expectNoLock(instance);
      expect(await fingerprint(instance.client, toolCase)).toBe(before.fingerprint);
    },
  );
}

/** A run that could talk to Redis to its end has given the lock back. */
async function expectNoLock(instance: RedisInstance): Promise<void> {
  await instance.settle();
  expect(await instance.client.exists(MAINTENANCE_LOCK_KEY)).toBe(0);
}

async function asked({ child }: StartedBin): Promise<void> {
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  await until(() => {
    if (child.exitCode !== null) throw new Error(`it did not ask: ${text}`);
    return text.includes('Type yes');
  });
}
