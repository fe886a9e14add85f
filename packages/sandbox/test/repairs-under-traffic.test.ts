import { describe, expect, test } from '@jest/globals';
import { repairsUnderTraffic } from '../src/index.js';
import { useRedis } from '../src/jest/index.js';
import { type Judge, repairBy, rightly } from './small-repair.js';

const fixture = useRedis();

/** Far more than a task is in nobody's hands, by the clock of the traffic. */
const LOOKS_APART_MS = 300;

describe('a tool that repairs only what is lost', () => {
  test('leaves nothing wrong', async () => {
    const runs = await repairsUnderTraffic(fixture.redis.url, repairBy(rightly, LOOKS_APART_MS), { runs: 8 });
    expect(runs.flatMap(({ wrong }) => wrong)).toEqual([]);
    const sum = (of: (run: (typeof runs)[number]) => number) => runs.reduce((all, run) => all + of(run), 0);
    expect(sum(({ starts }) => starts)).toBeGreaterThan(300);
    expect(sum(({ repaired }) => repaired.underTraffic)).toBeGreaterThan(30);
    expect(sum(({ traffic }) => traffic.killed)).toBeGreaterThan(3);
    expect(sum(({ traffic }) => traffic.lost)).toBeGreaterThan(3);
    expect(sum(({ traffic }) => traffic.torn)).toBeGreaterThan(0);
  });
});

/** A sentence without its seed, id, timeline, workers and numbers. */
const kindOf = (sentence: string): string =>
  sentence
    .replace(/^seed \d+: \S+ /, '')
    .replace(/: .*/, '')
    .replace(/waits in .* at once/, 'waits in N positions at once')
    .replace(/\d+/g, 'N');

describe('a tool is caught', () => {
  /** Whether it meets a task at the wrong moment is luck: it is given run after run, until the test's time is up. */
  const expectToBeCaught = async (
    judge: Judge,
    { kinds, looksApartMs = 0, traffic = {} }: { kinds: string[]; looksApartMs?: number; traffic?: object },
  ) => {
    const repair = repairBy(judge, looksApartMs, false);
    const found = new Set<string>();
    for (let seed = 50; !kinds.every((kind) => found.has(kind)); seed += 4) {
      const options = { runs: 4, parallel: 4, seed, repairs: 3, strict: true, traffic };
      const runs = await repairsUnderTraffic(fixture.redis.url, repair, options);
      for (const sentence of runs.flatMap(({ wrong }) => wrong)) found.add(kindOf(sentence));
    }
  };

  test('that requeues what is in no list and forgets the broker', async () => {
    const forgetful: Judge = (task, { positions, ...system }) =>
      rightly(task, { ...system, positions: { ...positions, broker: new Set() } });
    await expectToBeCaught(forgetful, {
      kinds: [
        'waits in N positions at once',
        'was started N times where N were due',
        'was completed N times',
      ],
    });
  });

  test('that looks once, and takes what is in the hands of a consumer or a worker for lost', async () => {
    const kinds = ['was started N times where N were due'];
    await expectToBeCaught(rightly, { kinds, traffic: { windowMs: 60 } });
  });

  test('that takes a worker without a heartbeat for dead, however young its task is', async () => {
    const impatient: Judge = (task, system) => (task.state === 'ACTIVE' ? 'stuck' : rightly(task, system));
    const traffic = { beatTtlMs: 10, taskMs: 600, hardLimitMs: 60_000 };
    await expectToBeCaught(impatient, { kinds: ['was taken from a live worker that ran it'], traffic });
  });

  test('that leaves stuck tasks as they are', async () => {
    const lazy: Judge = (task, system) => (task.state === 'ACTIVE' ? undefined : rightly(task, system));
    const kinds = ['ACTIVE is not in a final state', 'is left as stuckActive'];
    await expectToBeCaught(lazy, { kinds, looksApartMs: LOOKS_APART_MS });
  });
});
