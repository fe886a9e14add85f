import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Bench, setUpBench } from '../src/bench.js';
import { CUTS, drawDisturbances, REFUSALS, startDisturbed } from '../src/disturb.js';
import { isLong, naming, randomFor } from '../src/effort.js';
import { expectHonest } from '../src/honesty.js';
import { drawKills, runKilled } from '../src/kill.js';
import { inSlots, stopIdleSlots } from '../src/slot.js';
import { type Stalled, startSilenced, startStalled } from '../src/stalled.js';
import { nameOf, TOOLS, type ToolCase } from '../src/tools.js';
import { expectBackupHoldsTheRest, expectNoHalfRepair, expectSecondRunCompletes } from '../src/verdicts.js';
import { testDeaths } from './deaths.js';
import { testScenes } from './scenes.js';
import { testStops } from './stops.js';

/** Six a tool or more over all its ways; a run that calls for every single key takes seconds. */
const killsOf = ({ commands, toolCase: { tool, isSlow } }: Bench) => {
  if (isLong) return 100;
  if (isSlow) return 1;
  if (commands.length > 3_000) return 2;
  return Math.ceil(6 / TOOLS.filter((other) => other.tool === tool && !other.isSlow).length);
};

const isFirstWay = (toolCase: ToolCase) => TOOLS.find(({ tool }) => tool === toolCase.tool) === toolCase;

/** Whether runs stall with `--max-runtime` or without: then for 26 s, so that in the short run only a file's first one does. */
function boundsOf(toolCase: ToolCase, tools: readonly ToolCase[]): readonly boolean[] {
  if (isLong) return [true, false];
  return toolCase.isSlow ? [] : [toolCase !== tools[0]];
}

const WAYS_TO_FAIL = [
  ['cut off', CUTS],
  ['refused', REFUSALS],
] as const;

/** The tool that counts over a second connection. In the long run only: it takes half a minute. */
const SILENCED = 'fix-counter-sync';

/** Declares the test of a tool that waits for one answer, on a bench that is set up by then. */
function testDelay(toolCase: ToolCase, benchNow: () => Bench): void {
  test('with one answer that comes late, ends as undisturbed', async () => {
    const bench = benchNow();
    const random = randomFor(`delay ${nameOf(toolCase)}`);
    const command = 1 + random.int(bench.commands.length);
    const treatment = { delayMs: 300 + random.int(201) };
    await bench.slot.load(bench.prepared.rdb);
    await naming(`${JSON.stringify(treatment)} at ${command}`, async () => {
      const { ended } = await startDisturbed(bench.slot, bench, { command, treatment, args: ['--json'] });
      await expectHonest(bench.slot, bench, await ended, { exits: [0], codes: [] });
    });
  });
}

/** Declares the tests of some tools on faulty data: whatever happens to a run, the data is as true as before. */
export function testDisturbances(tools: readonly ToolCase[]): void {
  const benches: Bench[] = [];
  /** They wait for answers while the other tests go on. */
  const stalled: Stalled[] = [];
  afterAll(() => Promise.all([...benches, ...stalled].map((one) => one.dispose())));
  afterAll(stopIdleSlots);

  describe.each(tools.map((toolCase) => [nameOf(toolCase), toolCase] as const))('%s', (name, toolCase) => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await setUpBench(toolCase);
      benches.push(bench);
      for (const isBounded of boundsOf(toolCase, tools)) stalled.push(await startStalled(bench, isBounded));
      if (isLong && toolCase.tool === SILENCED) stalled.push(await startSilenced(bench));
    });

    test('undisturbed, repairs what it is for and brings in no fault', () => {
      expect(bench.after.fingerprint).not.toBe(bench.before.fingerprint);
      const added = [...bench.after.faults].filter((fault) => !bench.before.faults.has(fault));
      if (toolCase.halfway === 'model' && !toolCase.restores) expect(added).toEqual([]);
    });

    test('killed anywhere, leaves no half repair, and a second run ends as an undisturbed one', async () => {
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
    });

    test.each(WAYS_TO_FAIL.slice(isLong || !toolCase.isSlow ? 0 : 1))(
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
    );

    if (isLong || !toolCase.way || toolCase.asks) testStops(toolCase, () => bench);
    if (isLong || isFirstWay(toolCase)) testDeaths(toolCase, () => bench);
    if (isLong || toolCase === tools[0]) testDelay(toolCase, () => bench);
    if (isLong || !toolCase.isSlow) testScenes(toolCase, () => bench);
  });

  test('a Redis that falls silent is given up, or the run ends by --max-runtime, with what was done', async () => {
    for (const { what, judge } of stalled) await naming(what, judge);
  });
}
