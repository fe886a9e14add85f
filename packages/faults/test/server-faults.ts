import { test } from '@jest/globals';
import { startDisturbed } from '../src/disturb.js';
import type { Fixture } from '../src/fixture.js';
import { inInstance } from '../src/redis-instance.js';
import { expectAccurateReport } from '../src/report-accuracy.js';
import { SERVER_FAULTS } from '../src/server-faults.js';
import { isLong, naming, randomFor } from '../src/test-size.js';
import { nameOf, type ToolCase } from '../src/tools.js';
import { expectSecondRunCompletes } from '../src/verdicts.js';

/**
 * Declares the tests of a tool whose server changes meanwhile, on a fixture that is set up by then: each serverFault in the long run, else
 * a drawn one.
 */
export function testServerFaults(toolCase: ToolCase, currentFixture: () => Fixture): void {
  const serverFaults = isLong
    ? SERVER_FAULTS
    : [randomFor(`serverFault of ${nameOf(toolCase)}`).pick(SERVER_FAULTS)];
  test.each(serverFaults.map((serverFault) => [serverFault.name, serverFault] as const))(
    'on a Redis that %s in the middle of a write, says so, and a later run completes',
    (_, serverFault) =>
      inInstance(async (instance) => {
        const fixture = currentFixture();
        await instance.load(fixture.prepared.rdb);
        const command = randomFor(`serverFault ${nameOf(toolCase)}`).pick(fixture.writes);
        let isBegun = false;
        await naming(`${serverFault.name} at ${command}`, async () => {
          const { ended } = await startDisturbed(instance, fixture, {
            command,
            treatment: 'pass',
            before() {
              isBegun = true;
              return serverFault.begin(instance);
            },
            args: ['--json'],
          });
          const run = await ended;
          if (isBegun) await serverFault.end(instance); // a run may need fewer commands than the first one
          await expectAccurateReport(instance, fixture, run, { exits: [4], codes: serverFault.codes });
          await expectSecondRunCompletes(instance, fixture);
        });
      }),
  );
}
