import { seedAsyncTaskFlow } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { deleteDefectiveTasks } from '../src/delete-defective-tasks.js';
import { DELETE, DRY_RUN, useFixture } from './support.js';

const fixture = useFixture();

const fullPace = () => ({ ...fixture.deps(), pace: 'full' as const });

/** Runs some work and returns how often the server ran each command meanwhile, and how many bytes it sent. */
async function costOf(work: () => Promise<unknown>) {
  await fixture.client.configResetStat();
  await work();
  const text = await fixture.client.info('all');
  const calls = Object.fromEntries(
    [...text.matchAll(/cmdstat_(\S+):calls=(\d+)/g)].map(([, name, count]) => [name, Number(count)]),
  );
  return { calls, sent: Number(/total_net_output_bytes:(\d+)/.exec(text)?.[1]) };
}

test('a healthy task costs one HMGET, and only its key is sent', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 10_000, seed: 1 });
  const { calls, sent } = await costOf(() => deleteDefectiveTasks(fullPace(), DRY_RUN));
  expect(calls).toMatchObject({ hmget: 10_000 });
  expect(calls).not.toHaveProperty('type'); // unacknowledged messages are read only for what is to be deleted
  expect(sent).toBeLessThan(10_000 * 60);
});

test('10,000 defective tasks are found and deleted by a few commands each', async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 0, seed: 1, faults: { unknownId: 10_000 } });
  const look = await costOf(() => deleteDefectiveTasks(fullPace(), DRY_RUN));
  expect(look.calls).toMatchObject({ hmget: 10_000 });
  expect(look.sent).toBeLessThan(10_000 * 230);
  const { calls, sent } = await costOf(() => deleteDefectiveTasks(fullPace(), DELETE));
  expect(calls).toMatchObject({ hmget: 20_000, unlink: 20_000, decr: 10_000, exists: 10_000 });
  expect(calls.evalsha).toBeLessThan(110);
  expect(sent).toBeLessThan(10_000 * 240);
});
