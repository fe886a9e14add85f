import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Bench, setUpBench } from '../src/bench.js';
import { CUTS, drawDisturbances, REFUSALS, startDisturbed } from '../src/disturb.js';
import { isLong, naming, PATIENCE_MS, randomFor } from '../src/effort.js';
import { expectHonest } from '../src/honesty.js';
import { drawKills, runKilled } from '../src/kill.js';
import { inSlots } from '../src/slot.js';
import { nameOf, TOOLS } from '../src/tools.js';
import { expectBackupHoldsTheRest, expectNoHalfRepair, expectSecondRunCompletes } from '../src/verdicts.js';

const KILLS = isLong ? 100 : 4;

describe.each(TOOLS.map((toolCase) => [nameOf(toolCase), toolCase] as const))('%s', (name, toolCase) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await setUpBench(toolCase);
  });
  afterAll(() => bench.dispose());

  test('undisturbed, repairs what it is for and brings in no fault', () => {
    expect(bench.after.fingerprint).not.toBe(bench.before.fingerprint);
    const added = [...bench.after.faults].filter((fault) => !bench.before.faults.has(fault));
    if (toolCase.halfway === 'model' && !toolCase.restores) expect(added).toEqual([]);
  });

  test(
    'killed anywhere, leaves no half repair, and a second run ends as an undisturbed one',
    async () => {
      const kills = drawKills(bench, KILLS, randomFor(`kills ${name}`));
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
          const { ended } = await startDisturbed(slot, bench, { ...disturbance, args: ['--json'] });
          await expectHonest(slot, bench, await ended, { exits: [4], codes: disturbance.codes });
          await expectSecondRunCompletes(slot, bench);
        }),
      );
    },
    PATIENCE_MS,
  );
});
