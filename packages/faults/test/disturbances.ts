import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CUTS, drawDisturbances, REFUSALS, startDisturbed } from '../src/disturb.js';
import { type Fixture, setUpFixture } from '../src/fixture.js';
import { drawKills, runKilled } from '../src/kill.js';
import { inInstances, stopIdleInstances } from '../src/redis-instance.js';
import { expectAccurateReport } from '../src/report-accuracy.js';
import { type Stalled, startSilenced, startStalled } from '../src/stalled.js';
import { isLong, naming, randomFor } from '../src/test-size.js';
import { nameOf, TOOLS, type ToolCase } from '../src/tools.js';
import { expectBackupHoldsTheRest, expectNoHalfRepair, expectSecondRunCompletes } from '../src/verdicts.js';
import { testDeaths } from './deaths.js';
import { testServerFaults } from './server-faults.js';
import { testStops } from './stops.js';

/** Six a tool or more over all its ways; a run that calls for every single key takes seconds. */
const killsOf = ({ commands, toolCase: { tool, isSlow } }: Fixture) => {
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

/** Declares the test of a tool that waits for one answer, on a fixture that is set up by then. */
function testDelay(toolCase: ToolCase, currentFixture: () => Fixture): void {
  test('with one answer that comes late, ends as undisturbed', async () => {
    const fixture = currentFixture();
    const random = randomFor(`delay ${nameOf(toolCase)}`);
    const command = 1 + random.int(fixture.commands.length);
    const treatment = { delayMs: 300 + random.int(201) };
    await fixture.instance.load(fixture.prepared.rdb);
    await naming(`${JSON.stringify(treatment)} at ${command}`, async () => {
      const { ended } = await startDisturbed(fixture.instance, fixture, {
        command,
        treatment,
        args: ['--json'],
      });
      await expectAccurateReport(fixture.instance, fixture, await ended, { exits: [0], codes: [] });
    });
  });
}

/** Declares the tests of some tools on faulty data: whatever happens to a run, the data is as true as before. */
export function testDisturbances(tools: readonly ToolCase[]): void {
  const benches: Fixture[] = [];
  /** They wait for answers while the other tests go on. */
  const stalled: Stalled[] = [];
  afterAll(() => Promise.all([...benches, ...stalled].map((one) => one.dispose())));
  afterAll(stopIdleInstances);

  describe.each(tools.map((toolCase) => [nameOf(toolCase), toolCase] as const))('%s', (name, toolCase) => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await setUpFixture(toolCase);
      benches.push(fixture);
      for (const isBounded of boundsOf(toolCase, tools)) stalled.push(await startStalled(fixture, isBounded));
      if (isLong && toolCase.tool === SILENCED) stalled.push(await startSilenced(fixture));
    });

    test('undisturbed, repairs what it is for and brings in no fault', () => {
      expect(fixture.after.fingerprint).not.toBe(fixture.before.fingerprint);
      const added = [...fixture.after.faults].filter((fault) => !fixture.before.faults.has(fault));
      if (toolCase.halfway === 'model' && !toolCase.restores) expect(added).toEqual([]);
    });

    test('killed anywhere, leaves no half repair, and a second run ends as an undisturbed one', async () => {
      const kills = drawKills(fixture, killsOf(fixture), randomFor(`kills ${name}`));
      await inInstances(kills, (instance, kill) =>
        naming(`killed at ${JSON.stringify(kill)}`, async () => {
          const file = await runKilled(instance, fixture, kill);
          await expectNoHalfRepair(instance, fixture);
          const halfway = await instance.save();
          await expectSecondRunCompletes(instance, fixture);
          if (!toolCase.backsUp) return;
          await instance.load(halfway);
          await expectBackupHoldsTheRest(instance, fixture, file);
        }),
      );
    });

    test.each(WAYS_TO_FAIL.slice(isLong || !toolCase.isSlow ? 0 : 1))(
      '%s at any command, says so, leaves no half repair, and claims nothing that is not so',
      async (how, kinds) => {
        const disturbances = drawDisturbances(fixture, kinds, randomFor(`${how} ${name}`));
        await inInstances(disturbances, (instance, disturbance) =>
          naming(JSON.stringify(disturbance), async () => {
            await instance.load(fixture.prepared.rdb);
            const { ended } = await startDisturbed(instance, fixture, { ...disturbance, args: ['--json'] });
            await expectAccurateReport(instance, fixture, await ended, {
              exits: [4],
              codes: disturbance.codes,
            });
            await expectSecondRunCompletes(instance, fixture);
          }),
        );
      },
    );

    if (isLong || !toolCase.way || toolCase.asks) testStops(toolCase, () => fixture);
    if (isLong || isFirstWay(toolCase)) testDeaths(toolCase, () => fixture);
    if (isLong || toolCase === tools[0]) testDelay(toolCase, () => fixture);
    if (isLong || !toolCase.isSlow) testServerFaults(toolCase, () => fixture);
  });

  test('a Redis that falls silent is given up, or the run ends by --max-runtime, with what was done', async () => {
    for (const { what, judge } of stalled) await naming(what, judge);
  });
}
