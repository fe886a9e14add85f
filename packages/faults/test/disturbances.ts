import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Bench, setUpBench } from '../src/bench.js';
import { CUTS, drawDisturbances, REFUSALS, startDisturbed } from '../src/disturb.js';
import { isLong, naming, PATIENCE_MS, randomFor } from '../src/effort.js';
import { expectHonest } from '../src/honesty.js';
import { drawKills, runKilled } from '../src/kill.js';
import { SCENES } from '../src/scenes.js';
import { inSlots, Slot } from '../src/slot.js';
import { type Stalled, startStalled } from '../src/stalled.js';
import { nameOf, TOOLS, type ToolCase } from '../src/tools.js';
import { expectBackupHoldsTheRest, expectNoHalfRepair, expectSecondRunCompletes } from '../src/verdicts.js';
import { testDeaths } from './deaths.js';
import { testStops } from './stops.js';

/** Six a tool or more over all its ways; a run that calls for every single key takes seconds. */
const killsOf = ({ commands, toolCase: { tool } }: Bench) => {
  if (isLong) return 100;
  if (commands.length > 3_000) return 2;
  return Math.ceil(6 / TOOLS.filter((other) => other.tool === tool).length);
};
const SCENES_EACH = isLong ? SCENES.length : 1;

/** Ways that write once, key by key, and records at once. */
const DIE = ['fix-counter-sync', 'by age', 'of tasks'];

/** Declares the tests of some tools on faulty data: whatever happens to a run, the data is as true as before. */
export function testDisturbances(tools: readonly ToolCase[]): void {
  const benches: Bench[] = [];
  /** They wait for answers while the other tests go on. */
  const stalled: Stalled[] = [];
  afterAll(() => Promise.all(benches.map((bench) => bench.dispose())));

  describe.each(tools.map((toolCase) => [nameOf(toolCase), toolCase, TOOLS.indexOf(toolCase)] as const))(
    '%s',
    (name, toolCase, place) => {
      let bench: Bench;
      beforeAll(async () => {
        bench = await setUpBench(toolCase);
        benches.push(bench);
        for (const isBounded of isLong ? [true, false] : [place % 4 < 2])
          stalled.push(await startStalled(bench, isBounded));
      });

      test('undisturbed, repairs what it is for and brings in no fault', () => {
        expect(bench.after.fingerprint).not.toBe(bench.before.fingerprint);
        const added = [...bench.after.faults].filter((fault) => !bench.before.faults.has(fault));
        if (toolCase.halfway === 'model' && !toolCase.restores) expect(added).toEqual([]);
      });

      test(
        'killed anywhere, leaves no half repair, and a second run ends as an undisturbed one',
        async () => {
          const kills = drawKills(bench, killsOf(bench), randomFor(`kills ${name}`));
          await inSlots(kills, (slot, kill) =>
            naming(`killed at ${JSON.stringify(kill)}`, async () => {
              const file = await runKilled(slot, bench, kill);
              await expectNoHalfRepair(slot, bench);
              const halfway = await slot.save();
              await expectSecondRunCompletes(slot, bench);
              if (!toolCase.backsUp) return;
              await slot.load(halfway);
              await expectBackupHoldsTheRest(slot, bench, file);
            }),
          );
        },
        PATIENCE_MS,
      );

      test.each([
        ['cut off', CUTS],
        ['refused', REFUSALS],
      ] as const)(
        '%s at any command, says so, leaves no half repair, and claims nothing that is not so',
        async (how, kinds) => {
          const disturbances = drawDisturbances(bench, kinds, randomFor(`${how} ${name}`));
          await inSlots(disturbances, (slot, disturbance) =>
            naming(JSON.stringify(disturbance), async () => {
              await slot.load(bench.prepared.rdb);
              const { ended } = await startDisturbed(slot, bench, { ...disturbance, args: ['--json'] });
              await expectHonest(slot, bench, await ended, { exits: [4], codes: disturbance.codes });
              await expectSecondRunCompletes(slot, bench);
            }),
          );
        },
        PATIENCE_MS,
      );

      if (isLong || !toolCase.way || toolCase.asks) testStops(toolCase, () => bench);
      if (isLong || DIE.includes(toolCase.way ?? toolCase.tool)) testDeaths(toolCase, () => bench);

      const scenes = Array.from({ length: SCENES_EACH }, (_, i) => SCENES[(place + i) % SCENES.length]!);
      test.each(scenes.map((scene) => [scene.name, scene] as const))(
        'on a Redis that %s in the middle of a write, says so, and a later run completes',
        async (_, scene) => {
          const slot = await Slot.start();
          await slot.load(bench.prepared.rdb);
          const command = randomFor(`scene ${name}`).pick(bench.writes);
          await naming(`${scene.name} at ${command}`, async () => {
            const { ended } = await startDisturbed(slot, bench, {
              command,
              treatment: 'pass',
              before: () => scene.begin(slot),
              args: ['--json'],
            });
            const run = await ended;
            await scene.end(slot);
            await expectHonest(slot, bench, run, { exits: [4], codes: scene.codes });
            await expectSecondRunCompletes(slot, bench);
          });
          await slot.stop();
        },
      );
    },
  );

  test(
    'a Redis that falls silent is given up within 30 s, or --max-runtime, with what was done',
    async () => {
      for (const { what, seconds, judge } of stalled) {
        await naming(what, async () => {
          const late = sleep(45_000, Number.POSITIVE_INFINITY, { ref: false });
          expect(await Promise.race([seconds, late])).toBeLessThan(what.includes('--max') ? 10 : 32);
          await judge();
        });
      }
    },
    PATIENCE_MS,
  );
}
