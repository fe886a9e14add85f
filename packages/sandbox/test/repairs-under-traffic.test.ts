import { describe, expect, test } from '@jest/globals';
import { repairsUnderTraffic } from '../src/index.js';
import { useRedis } from '../src/jest/index.js';
import { type Judge, repairBy, rightly } from './small-repair.js';

const bench = useRedis();

const LOOKS_APART_MS = 600;

describe('a tool that repairs only what is lost', () => {
  test('leaves nothing wrong', async () => {
    const runs = await repairsUnderTraffic(bench.redis.url, repairBy(rightly, LOOKS_APART_MS), { runs: 8 });
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
    .replace(/waits in .* at once/, 'waits in N places at once')
    .replace(/\d+/g, 'N');

describe('a tool is caught', () => {
  const wrongs = async (judge: Judge, looksApartMs: number, traffic = {}) => {
    const repair = repairBy(judge, looksApartMs, false);
    const options = { runs: 4, parallel: 4, seed: 50, repairs: 3, strict: true, traffic };
    const runs = await repairsUnderTraffic(bench.redis.url, repair, options);
    return kindsOf(runs.flatMap(({ wrong }) => wrong));
  };
  const kindsOf = (sentences: readonly string[]) => new Set(sentences.map(kindOf));

  test('that requeues what is in no list and forgets the broker', async () => {
    const forgetful: Judge = (task, { places, ...around }) =>
      rightly(task, { ...around, places: { ...places, broker: new Set() } });
    const found = await wrongs(forgetful, 0);
    expect(found).toContain('waits in N places at once');
    expect(found).toContain('was started N times where N were due');
    expect(found).toContain('was completed N times');
  });

  test('that looks once, and takes what is in the hands of a consumer or a worker for lost', async () => {
    expect(await wrongs(rightly, 0, { windowMs: 60 })).toContain('was started N times where N were due');
  });

  test('that takes a worker without a heartbeat for dead, however young its task is', async () => {
    const impatient: Judge = (task, around) => (task.state === 'ACTIVE' ? 'stuck' : rightly(task, around));
    const traffic = { beatTtlMs: 10, taskMs: 600, hardLimitMs: 60_000 };
    expect(await wrongs(impatient, 0, traffic)).toContain('was taken from a live worker that ran it');
  });

  test('that leaves stuck tasks as they are', async () => {
    const lazy: Judge = (task, around) => (task.state === 'ACTIVE' ? undefined : rightly(task, around));
    const found = await wrongs(lazy, LOOKS_APART_MS);
    expect(found).toContain('ACTIVE is not in a final state');
    expect(found).toContain('is left as stuckActive');
  });
});
