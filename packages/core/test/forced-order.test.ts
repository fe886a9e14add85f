import { setImmediate as nextTurn } from 'node:timers/promises';
import { COUNTER_KEYS, depsOf, type Redis, type Snapshot, targetOf } from '@atf/core';
import { counterKey, type RedisProxy, type State, startProxy, taskKey } from '@atf/sandbox';
import { until, useEmptyRedis } from '@atf/sandbox/jest';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from 'redis';
import { TrackingTaskCounter } from '../src/counting/count-with-tracking.js';

/** The points of a reading at which a change can come, in the order of the connection's stream. */
const POINTS = ['script', 'first wait', 'second wait', 'fence', 'after the fence'] as const;
type Point = (typeof POINTS)[number];

const redis = useEmptyRedis();
let proxy: RedisProxy;
let client: ReturnType<typeof createClient>;
let taskCounter: TrackingTaskCounter;
/** What happens at a point of a reading, by the number of the reading. */
let at: Record<string, (() => Promise<unknown>) | undefined>;
let readings: number;
let unblockError: string | undefined;

/** Runs what is planned for the point at which a command stands, before the server gets it. */
function pointOf(words: readonly string[]): Point | undefined {
  if (/^EVALSHA/.test(words[0]!) && words[2] === String(COUNTER_KEYS.length)) {
    readings++;
    waits = 0;
    return 'script';
  }
  if (words[0] === 'XREAD') return waits++ === 0 ? 'first wait' : 'second wait';
  return words[0] === 'PING' && words[1] === '.' ? 'fence' : undefined;
}
let waits = 0;

beforeEach(async () => {
  at = {};
  readings = 0;
  unblockError = undefined;
  proxy = await startProxy(redis.redis.url, {
    treat: async (_, words) => {
      if (unblockError && words[1] === 'UNBLOCK') return { error: unblockError };
      const point = pointOf(words);
      if (!point) return 'pass';
      const reading = readings;
      await at[`${reading} ${point}`]?.();
      return point === 'fence'
        ? { beforeReply: async () => void (await at[`${reading} after the fence`]?.()) }
        : 'pass';
    },
  });
  client = createClient({ url: proxy.url, RESP: 3 });
  client.on('error', () => {});
  await client.connect();
  for (let i = 0; i < 20; i++) await redis.client.hSet(taskKey(`t${i}`), 'state', 'COMPLETED');
  await redis.client.mSet({ [counterKey('COMPLETED')]: '20', [counterKey('ACTIVE')]: '3' });
  taskCounter = await TrackingTaskCounter.open(depsOf(targetOf(client as unknown as Redis)));
});

afterEach(async () => {
  await taskCounter.close();
  client.destroy();
  await proxy.stop();
});

/** Moves a task as a worker does it: the hash and both counters in one step. */
async function move(id: string, from: State, to: State): Promise<void> {
  await redis.client
    .multi()
    .hSet(taskKey(id), 'state', to)
    .decr(counterKey(from))
    .incr(counterKey(to))
    .exec();
}

async function remove(id: string, from: State): Promise<void> {
  await redis.client.multi().del(taskKey(id)).decr(counterKey(from)).exec();
}

/** Counters minus tasks. ACTIVE is 3 too high from the beginning, and nothing in these tests changes that. */
function driftOf({ counts, counters }: Snapshot): Record<string, number> {
  const drift: Record<string, number> = {};
  for (const [state, tasks] of Object.entries(counts.states)) {
    const old = counters[state as State];
    const difference = (old.kind === 'integer' ? Number(old.value) : 0) - tasks;
    if (difference !== 0) drift[state] = difference;
  }
  return drift;
}

const plan = (reading: number, point: Point, change: () => Promise<unknown>) => {
  at[`${reading} ${point}`] = change;
};

/** The first snapshot takes a reading at the begin of its scan, and one more. The next reading is the next snapshot's. */
async function firstSnapshot(): Promise<number> {
  expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
  return readings + 1;
}

describe.each(POINTS)('a change at the point "%s" of a snapshot', (point) => {
  test('of a task that it has not read', async () => {
    const next = await firstSnapshot();
    plan(next, point, () => move('t0', 'COMPLETED', 'FAILED'));
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
  });

  test('of a task that it has read', async () => {
    await firstSnapshot();
    await move('t0', 'COMPLETED', 'PENDING');
    plan(readings + 1, point, () => move('t0', 'PENDING', 'ACTIVE'));
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
  });

  test('that comes again at every point of the next reading', async () => {
    for (const again of POINTS) {
      const next = await firstSnapshot();
      plan(next, point, () => move('t1', 'COMPLETED', 'FAILED'));
      plan(next + 1, again, () => move('t1', 'FAILED', 'COMPLETED'));
      expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
      // A snapshot may need the next reading or not: what was planned for it may still come.
      expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
      await taskCounter.take();
      at = {};
      const state = await redis.client.hGet(taskKey('t1'), 'state');
      if (state === 'FAILED') await move('t1', 'FAILED', 'COMPLETED');
    }
  });

  test('that creates or deletes a task', async () => {
    const next = await firstSnapshot();
    plan(next, point, async () => {
      await redis.client.multi().hSet(taskKey('new'), 'state', 'PENDING').incr(counterKey('PENDING')).exec();
      await remove('t2', 'COMPLETED');
    });
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
    const { counts } = await taskCounter.take();
    expect(counts.states).toMatchObject({ PENDING: 1, COMPLETED: 19 });
  });

  test('that empties the database', async () => {
    const next = await firstSnapshot();
    plan(next, point, async () => {
      await redis.client.flushDb();
      await redis.client.mSet({ [counterKey('ACTIVE')]: '3' });
    });
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
    expect((await taskCounter.take()).counts.states).toMatchObject({ COMPLETED: 0 });
  });

  test('that comes while the tasks are scanned', async () => {
    plan(1, 'script', () => move('t3', 'COMPLETED', 'FAILED')); // The reading of a scan has no fence.
    plan(2, point, () => move('t4', 'COMPLETED', 'FAILED'));
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
  });
});

test.each([
  ['CLIENT UNBLOCK', undefined, 'CLIENT'],
  ['PING if CLIENT UNBLOCK is refused', 'NOPERM', 'PING'],
])('while a fence waits, the other connection sends %s', async (_, error, name) => {
  unblockError = error;
  const next = await firstSnapshot();
  const sent = () => proxy.names.filter((other) => other === name).length;
  const before = sent();
  plan(next, 'first wait', () => until(() => sent() > before + 1));
  expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
  expect(readings).toBe(next);
});

test.each(POINTS)(
  'a change at the point "%s" into no known state, and back: odd keys fit the counts',
  async (point) => {
    await firstSnapshot();
    for (const state of ['ARCHIVED', 'COMPLETED']) {
      plan(readings + 1, point, () => redis.client.hSet(taskKey('t8'), 'state', state));
      for (let i = 0; i < 2; i++) {
        const { counts, oddKeys } = await taskCounter.take();
        const odd = { key: taskKey('t8'), observedState: 'unknown-state', label: 'ARCHIVED' };
        expect(oddKeys).toEqual(counts.unknownState === 1 ? [odd] : []);
      }
      expect(await redis.client.hGet(taskKey('t8'), 'state')).toBe(state);
    }
  },
);

test('a snapshot is discarded if an unread task may have changed in the turn of its script', async () => {
  const next = await firstSnapshot();
  plan(next, 'first wait', () => move('t5', 'COMPLETED', 'FAILED'));
  await taskCounter.take();
  expect(readings).toBeGreaterThan(next);
});

test('a snapshot without a change near by needs one reading', async () => {
  const next = await firstSnapshot();
  await taskCounter.take();
  expect(readings).toBe(next);
});

/**
 * While the server sleeps, a change and then a reading arrive. The server does both in one turn of its event loop, so it names
 * the task behind the reading's reply. Returns what must be awaited in the end.
 */
async function changeInTheTurnOf(
  reading: number,
  change: () => Promise<unknown>,
): Promise<Promise<unknown>[]> {
  const sleeper = await redis.redis.client();
  const sent: Promise<unknown>[] = [];
  plan(reading, 'script', async () => {
    sent.push(sleeper.sendCommand(['DEBUG', 'SLEEP', '0.05']));
    await nextTurn();
    sent.push(change());
    await nextTurn();
  });
  return sent;
}

test('a change before the script in the same turn of the server is not missed', async () => {
  for (let run = 0; run < 5; run++) {
    const sent = await changeInTheTurnOf(await firstSnapshot(), () => move(`t${run}`, 'COMPLETED', 'FAILED'));
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
    await Promise.all(sent);
  }
});

test('such a change is not missed if the turn takes longer than a wait of the fence', async () => {
  const late = await redis.redis.client();
  for (let run = 0; run < 5; run++) {
    const next = await firstSnapshot();
    const sent = await changeInTheTurnOf(next, () => move(`t${run}`, 'COMPLETED', 'FAILED'));
    // This arrives behind the reading, and makes its turn long.
    plan(
      next,
      'fence',
      async () => void setImmediate(() => sent.push(late.sendCommand(['DEBUG', 'SLEEP', '0.02']))),
    );
    expect(driftOf(await taskCounter.take())).toEqual({ ACTIVE: 3 });
    await Promise.all(sent);
  }
});
