import { readIdQueues } from '@atf/core';
import { seedAsyncTaskFlow } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { settingsOf } from '../src/options.js';
import { scanDatabase } from '../src/scan-database.js';
import { binding, messageOf, useBrokerFixture } from './broker-fixture.js';
import { FIX_WAITING } from './support.js';

const fixture = useBrokerFixture();

async function scanned(maxOpenBytes?: number) {
  let walks = 0;
  const deps = { ...fixture.deps(), scanned: (fraction: number) => void (fraction === 1 && walks++) };
  const queues = await readIdQueues(deps, deps.target.client, 0);
  const options = { queues, now: new Date(), settings: settingsOf({}), maxOpenBytes };
  const { open, ...found } = await scanDatabase(deps, options);
  const tasks: string[] = [];
  for await (const { keys, states } of open) {
    for (const [i, state] of states.entries()) tasks.push(`${keys.at(i)} ${state}`);
  }
  return { ...found, walks, tasks: tasks.sort() };
}

test('open tasks that are too many to remember are found by a second walk', async () => {
  const faults = { orphanedPending: 3, orphanedScheduled: 3, orphanedDlq: 3 };
  await seedAsyncTaskFlow(fixture.client, { tasks: 300, seed: 1, faults });
  await fixture.write('a name of another length', { state: 'FAILED' });
  const first = await scanned();
  expect(first).toMatchObject({ totalTasks: 312, walks: 1 });
  expect(first.tasks.filter((task) => /SCHEDULED|DLQ/.test(task))).toHaveLength(6);
  expect(first.tasks).toContain('task:a name of another length FAILED');
  expect(await scanned(100)).toEqual({ ...first, walks: 2 });
});

test('the walk finds a broker whose prefix is that of the tasks', async () => {
  await fixture.client.sAdd('task:_kombu.binding.llm', binding('llm'));
  await fixture.client.lPush('task:llm', messageOf('waits').message);
  const { ids, result } = await fixture.found();
  expect({ ids, knowledge: result.broker?.knowledge }).toEqual({ ids: ['runs'], knowledge: 'read' });
});

test('a queue without a binding that appears after the walk is found before its task is put back', async () => {
  await fixture.startIdle();
  const deps = fixture.when('wait-before-second-snapshot', () =>
    fixture.client.lPush('celery\x06\x1642', messageOf('waits').message),
  );
  const { result } = await fixStuckTasks(deps, FIX_WAITING);
  expect(result.findings.map(({ id }) => id)).toEqual(['runs']);
});
