import { COUNTER_PERMISSIONS, depsOf, openTaskCounter, type Snapshot } from '@atf/core';
import {
  allowUser,
  type SandboxClient,
  type SandboxRedis,
  seedAsyncTaskFlow,
  serverMajorVersion,
  startRedis,
  startTraffic,
} from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { closeTarget, connectTarget } from '../src/redis/connect.js';
import { rulesBefore7 } from '../src/redis/permissions.js';

let primary: SandboxRedis;
let replica: SandboxRedis;
let onPrimary: SandboxClient;
let onReplica: SandboxClient;

beforeAll(async () => {
  primary = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] });
  replica = await startRedis({ args: ['--replicaof', primary.host, String(primary.port)] });
  onPrimary = await primary.client();
  onReplica = await replica.client();
  await until(async () => /master_link_status:up/.test(await onReplica.info('replication')));
});
afterAll(() => Promise.all([primary?.stop(), replica?.stop()]));

/** A monitor's rules in the words of this server. Redis 6.0 has no rules for channels. */
function rulesHere(): readonly string[] {
  const rules = COUNTER_PERMISSIONS.monitor[0];
  if (serverMajorVersion() >= 7) return rules;
  return rulesBefore7(rules).filter((rule) => !rule.startsWith('&'));
}

/** Counters minus tasks. */
function driftOf({ counts, counters }: Snapshot): Record<string, unknown> {
  const drifts = Object.entries(counters).map(([state, counter]) => [
    state,
    counter.kind === 'integer'
      ? Number(counter.value) - counts.states[state as keyof typeof counters]
      : counter.kind,
  ]);
  return Object.fromEntries(drifts);
}

test('a monitor on a replica counts exactly with tracking, while workers go on at the primary', async () => {
  await seedAsyncTaskFlow(onPrimary, {
    tasks: 2_000,
    seed: 4,
    faults: { counterDrift: { ACTIVE: 5, DLQ: -2 } },
  });
  await onPrimary.sendCommand(['WAIT', '1', '0']); // until the replica has all of it
  const url = await allowUser({ client: onReplica, redis: replica }, 'monitor', rulesHere());
  const traffic = await startTraffic(primary.url, { writers: 4, seed: 5, ratePerSecond: 1_000 });
  const target = await connectTarget(url, { name: 'test' });
  const taskCounter = openTaskCounter(depsOf(target), { oneScriptUpTo: -1 });
  try {
    for (let i = 0; i < 20; i++) {
      expect(driftOf(await taskCounter.take())).toMatchObject({
        PENDING: 0,
        ACTIVE: 5,
        COMPLETED: 0,
        DLQ: -2,
      });
    }
    expect(JSON.stringify(await onReplica.sendCommand(['ACL', 'LOG']))).not.toMatch(/ping|xread|evalsha/);
  } finally {
    await taskCounter.close();
    closeTarget(target);
    await traffic.stop();
  }
});
