import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  assertCountersExact,
  checkModel,
  countStates,
  loadRecording,
  RECORDING,
  readCounters,
  readRecording,
} from '../src/index.js';
import { useRedis } from '../src/jest/index.js';

const fixture = useRedis();
beforeAll(() => loadRecording(fixture.client));

describe('the loaded recording', () => {
  test('holds every key as it was recorded', async () => {
    const recorded = await readRecording();
    expect(recorded).toHaveLength(RECORDING.keys);
    expect(await fixture.client.dbSize()).toBe(RECORDING.keys);
    for (const { key, type, value } of recorded) {
      expect(await fixture.client.type(key)).toBe(type);
      const read = {
        hash: async () => ({ ...(await fixture.client.hGetAll(key)) }),
        list: () => fixture.client.lRange(key, 0, -1),
        set: () => fixture.client.sMembers(key),
        string: () => fixture.client.get(key),
        zset: async () =>
          (await fixture.client.zRangeWithScores(key, 0, -1)).map((entry) => [entry.value, entry.score]),
      };
      expect(await read[type]()).toEqual(value);
    }
  });

  test('counts as its diagnosis says, and its counters agree', async () => {
    expect(await countStates(fixture.client)).toEqual({
      states: RECORDING.states,
      unknown: {},
      missing: 0,
      notAHash: 0,
      tasks: RECORDING.tasks,
    });
    expect(await readCounters(fixture.client)).toEqual(RECORDING.counters);
    expect(await assertCountersExact(fixture.client)).toEqual([]);
  });

  test('has exactly the faults of its diagnosis', async () => {
    const found = await checkModel(fixture.client, {
      now: new Date(RECORDING.endedAt.getTime() + 3_600_000),
    });
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
