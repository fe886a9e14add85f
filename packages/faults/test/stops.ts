import { MAINTENANCE_LOCK_KEY } from '@atf/core';
import { type BinRun, type StartedBin, startBin, type Treatment } from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import type { Bench } from '../src/bench.js';
import { startDisturbed } from '../src/disturb.js';
import { naming, randomFor } from '../src/effort.js';
import { fingerprint } from '../src/fingerprint.js';
import { expectHonest } from '../src/honesty.js';
import type { Slot } from '../src/slot.js';
import { nameOf, type ToolCase } from '../src/tools.js';
import { expectSecondRunCompletes } from '../src/verdicts.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = keyof typeof SIGNALS;

/** Declares the tests of a tool that is stopped, on a bench that is set up by then. */
export function testStops(toolCase: ToolCase, benchNow: () => Bench): void {
  const name = nameOf(toolCase);
  /** Sends a signal at a command, and returns how the tool ended. */
  async function signalledAt(command: number, signal: Signal, treatment: Treatment): Promise<BinRun> {
    const bench = benchNow();
    await bench.slot.load(bench.prepared.rdb);
    const { ended } = await startDisturbed(bench.slot, bench, {
      command,
      treatment,
      before: (child) => void child.kill(signal),
      args: ['--json'],
    });
    return ended;
  }

  const random = randomFor(`signals ${name}`);
  const aLook = ({ writes }: Bench) => 5 + random.int(writes[0]! - 5);
  const aWrite = ({ writes }: Bench) => random.pick(writes);
  const moments: [string, (bench: Bench) => number, Treatment][] = [
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
    const command = draw(benchNow());
    await naming(`${signal} at ${command}, ${treatment}`, async () => {
      const run = await signalledAt(command, signal, treatment);
      const bench = benchNow();
      if (treatment === 'pass') await expectNoLock(bench.slot);
      await expectHonest(bench.slot, bench, run, { exits: [SIGNALS[signal]], codes: ['STOPPED'] });
      await expectSecondRunCompletes(bench.slot, bench);
    });
  });

  if (!toolCase.asks) return;
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'stopped at its question by %s, changes nothing',
    async (signal) => {
      const { slot, prepared, before } = benchNow();
      await slot.load(prepared.rdb);
      const args = [...toolCase.asks!(prepared.backup ?? ''), '--redis-url', slot.redis.url];
      const started = startBin(toolCase.tool, args, { stdin: null });
      await asked(started);
      started.child.kill(signal);
      const { code, stdout, stderr } = await started.ended;
      expect([code, stdout]).toEqual([SIGNALS[signal], '']);
      expect(stderr).toContain(
        `❌ ${toolCase.tool}: stopped by ${signal} (${slot.redis.url})\n   Nothing was changed.\n`,
      );
      await expectNoLock(slot);
      expect(await fingerprint(slot.client, toolCase)).toBe(before.fingerprint);
    },
  );
}

/** A run that could talk to Redis to its end has given the lock back. */
async function expectNoLock(slot: Slot): Promise<void> {
  await slot.settle();
  expect(await slot.client.exists(MAINTENANCE_LOCK_KEY)).toBe(0);
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
