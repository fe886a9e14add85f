import { closeTarget, connectTarget, depsOf, readDataVersion } from '@atf/core';
import { allowUser, type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { PERMISSIONS } from '../src/permissions.js';
import { BINDING, messageOf, useBrokerFixture } from './broker-fixture.js';

/** A Redis with two old tasks that are in no queue: `waits` and `runs`. */
const fixture = useBrokerFixture();
let elsewhere: SandboxRedis;
let onBroker: SandboxClient;
beforeAll(async () => {
  elsewhere = await startRedis();
  onBroker = await elsewhere.client();
});
afterAll(() => elsewhere.stop());

beforeEach(async () => {
  await onBroker.flushAll();
  for (const client of [fixture.client, onBroker]) {
    await client.sAdd('_kombu.binding.celery', BINDING);
    // A server tells nothing during the second in which it has started.
    await until(() => readDataVersion(client as never));
  }
  await fixture.client.configResetStat();
});

interface RunOptions {
  brokerUrl?: string;
  /** The rules of the user. Default: the default user. */
  rules?: readonly string[];
  /** What another client does between the two snapshots. */
  act?: () => Promise<unknown>;
}

/** Looks for what is stuck. Tells what is found, and how often it has read the queues. */
async function runBeside({ brokerUrl, rules, act = async () => {} }: RunOptions = {}) {
  const url = rules ? await allowUser(fixture, 'reader', rules) : fixture.redis.url;
  const target = await connectTarget(url, { name: 'test' });
  const wait = async () => void (await act());
  const options = { dryRun: true, wait, ...(brokerUrl ? { brokerUrl } : {}) };
  const { result } = await fixStuckTasks(depsOf(target), options).finally(() => closeTarget(target));
  const [, snapshots = 0] = /cmdstat_zscan:calls=(\d+)/.exec(await fixture.client.info('commandstats')) ?? [];
  return { found: result.findings.map(({ id }) => id).sort(), snapshots: Number(snapshots) };
}

const lPushTo = (client: () => SandboxClient) => () => client().lPush('celery', messageOf('waits').message);

test('if nobody writes, one snapshot is enough', async () => {
  expect(await runBeside()).toEqual({ found: ['runs', 'waits'], snapshots: 1 });
  await fixture.client.configResetStat();
  expect(await runBeside({ brokerUrl: elsewhere.url })).toEqual({ found: ['runs', 'waits'], snapshots: 1 });
});

test('if somebody writes between the two snapshots, a task that has moved is found in the second', async () => {
  const act = lPushTo(() => fixture.client);
  expect(await runBeside({ act })).toEqual({ found: ['runs'], snapshots: 2 });
});

test('if somebody writes to the server of the broker only, a message that has come is found', async () => {
  const act = lPushTo(() => onBroker);
  expect(await runBeside({ brokerUrl: elsewhere.url, act })).toEqual({ found: ['runs'], snapshots: 2 });
});

test('a user who may not run INFO takes two snapshots', async () => {
  const rules = PERMISSIONS.monitor[0].filter((rule) => rule !== '+info');
  expect(await runBeside({ rules })).toEqual({ found: ['runs', 'waits'], snapshots: 2 });
});

test('if one server cannot tell whether it has changed, both are read twice', async () => {
  await onBroker.sendCommand(['SAVE']); // it begins to count again from 0
  expect(await runBeside({ brokerUrl: elsewhere.url })).toEqual({ found: ['runs', 'waits'], snapshots: 2 });
});
