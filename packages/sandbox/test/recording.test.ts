import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  assertCountersExact,
  checkModel,
  countStates,
  loadRecording,
  RECORDING,
  readCounters,
  readRecording,
  type SandboxClient,
  type SandboxRedis,
  startRedis,
} from '../src/index.js';

let redis: SandboxRedis;
let client: SandboxClient;

beforeAll(async () => {
  redis = await startRedis();
  client = await redis.client();
  await loadRecording(client);
});
afterAll(() => redis.stop());

describe('the loaded recording', () => {
  test('holds every key as it was recorded', async () => {
    const recorded = await readRecording();
    expect(recorded).toHaveLength(RECORDING.keys);
    expect(await client.dbSize()).toBe(RECORDING.keys);
    for (const { key, type, value } of recorded) {
      expect(await client.type(key)).toBe(type);
      const read = {
        hash: async () => ({ ...(await client.hGetAll(key)) }),
        list: () => client.lRange(key, 0, -1),
        set: () => client.sMembers(key),
        string: () => client.get(key),
        zset: async () =>
          (await client.zRangeWithScores(key, 0, -1)).map((entry) => [entry.value, entry.score]),
      };
      expect(await read[type]()).toEqual(value);
    }
  });

  test('counts as its diagnosis says, and its counters agree', async () => {
    expect(await countStates(client)).toEqual({
      states: RECORDING.states,
      unknown: {},
      missing: 0,
      notAHash: 0,
      tasks: RECORDING.tasks,
    });
    expect(await readCounters(client)).toEqual(RECORDING.counters);
    expect(await assertCountersExact(client)).toEqual([]);
  });

  test('has exactly the faults of its diagnosis', async () => {
    const found = await checkModel(client, { now: new Date(RECORDING.endedAt.getTime() + 3_600_000) });
    const sorted = Object.fromEntries(Object.entries(found).map(([fault, ids]) => [fault, ids.sort()]));
    expect(sorted).toEqual({
      unknownId: [...RECORDING.unknownIds],
      defectiveDlq: [...RECORDING.defectiveDlq],
      stuckActive: [...RECORDING.stuckActive],
      orphanedPending: [...RECORDING.orphanedPending],
      overdueScheduled: [...RECORDING.overdueScheduled],
      ghostEntry: [...RECORDING.ghostEntries],
    });
  });
});
