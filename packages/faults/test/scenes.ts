import { test } from '@jest/globals';
import type { Bench } from '../src/bench.js';
import { startDisturbed } from '../src/disturb.js';
import { isLong, naming, randomFor } from '../src/effort.js';
import { expectHonest } from '../src/honesty.js';
import { SCENES } from '../src/scenes.js';
import { inSlot } from '../src/slot.js';
import { nameOf, type ToolCase } from '../src/tools.js';
import { expectSecondRunCompletes } from '../src/verdicts.js';

/**
 * Declares the tests of a tool whose server changes meanwhile, on a bench that is set up by then: each scene in the long run, else
 * a drawn one.
 */
export function testScenes(toolCase: ToolCase, benchNow: () => Bench): void {
  const scenes = isLong ? SCENES : [randomFor(`scene of ${nameOf(toolCase)}`).pick(SCENES)];
  test.each(scenes.map((scene) => [scene.name, scene] as const))(
    'on a Redis that %s in the middle of a write, says so, and a later run completes',
    (_, scene) =>
      inSlot(async (slot) => {
        const bench = benchNow();
        await slot.load(bench.prepared.rdb);
        const command = randomFor(`scene ${nameOf(toolCase)}`).pick(bench.writes);
        let isBegun = false;
        await naming(`${scene.name} at ${command}`, async () => {
          const { ended } = await startDisturbed(slot, bench, {
            command,
            treatment: 'pass',
            before() {
              isBegun = true;
              return scene.begin(slot);
            },
            args: ['--json'],
          });
          const run = await ended;
          if (isBegun) await scene.end(slot); // a run may need fewer commands than the first one
          await expectHonest(slot, bench, run, { exits: [4], codes: scene.codes });
          await expectSecondRunCompletes(slot, bench);
        });
      }),
  );
}
