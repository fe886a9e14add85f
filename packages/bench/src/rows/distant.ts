import {
  closeTarget,
  connectTarget,
  depsOf,
  openTaskCounter,
  type Pace,
  type Snapshot,
  TASK_STATES,
  type Target,
} from '@atf/core';
import { counterKey, seedAsyncTaskFlow } from '@atf/sandbox';
import type { Bench } from '../bench.js';
import { startPeer } from '../peer-process.js';
import { atMost, type Result } from '../result.js';
import { median } from '../statistics.js';

const CHANGES_PER_SECOND = 400;
const RUNS = 20;
/** What is added to each counter: an exact count finds this and nothing else. */
const DRIFT = 3;

/** Counting on a distant server: a proxy makes each round trip long. Takes some 20 minutes. */
export async function distantRows(bench: Bench): Promise<Result[]> {
  return [
    await paceRow(bench),
    await exactRow(bench, { tasks: 20_000, runs: RUNS }),
    await exactRow(bench, { tasks: 300_000, runs: RUNS }),
  ];
}

/** Compares the paces with each other, on a server that is not slow but distant. */
async function paceRow(bench: Bench): Promise<Result> {
  const tasks = 100_000;
  await fill(bench, tasks);
  const runs: Record<Pace, number[]> = { auto: [], full: [] };
  await withDistantServer(bench, { roundTripMs: 30, jitterMs: 2 }, async (target) => {
    for (let i = 0; i < bench.repeats; i++) {
      for (const pace of ['auto', 'full'] as const) {
        runs[pace].push((await count(target, pace)).seconds);
        bench.say(`  ${pace}: ${runs[pace].at(-1)!.toFixed(1)} s`);
      }
    }
  });
  const ratio = median(runs.auto) / median(runs.full);
  return {
    what: 'counting at 30 ms with jitter of 2 ms, --pace auto',
    tasks,
    seconds: median(runs.auto),
    floorRatio: ratio,
    note: 'the floor is `--pace full`',
    goals: [atMost('within 1.3 × full pace', ratio, 1.3)],
  };
}

/** Counts again and again while tasks change. Each count must find the drift and nothing else. */
async function exactRow(bench: Bench, { tasks, runs }: { tasks: number; runs: number }): Promise<Result> {
  await fill(bench, tasks);
  for (const state of TASK_STATES) await bench.client.incrBy(counterKey(state), DRIFT);
  const traffic = await startPeer('changing-client.mjs', [bench.redis.port, CHANGES_PER_SECOND]);
  const counted: Awaited<ReturnType<typeof count>>[] = [];
  await withDistantServer(bench, { roundTripMs: 60, jitterMs: 0 }, async (target) => {
    while (counted.length < runs) {
      const one = await count(target, 'auto');
      counted.push(one);
      bench.say(
        `  ${one.isExact ? 'exact' : 'WRONG'}, ${(one.afterScanMs / 1_000).toFixed(2)} s after the scan`,
      );
    }
  });
  await traffic.stop();
  const exact = counted.filter(({ isExact }) => isExact).length;
  const slowest = Math.max(...counted.map(({ afterScanMs }) => afterScanMs)) / 1_000;
  return {
    what: `counting at 60 ms and ${CHANGES_PER_SECOND} changes/s: ${exact} of ${runs} exact, at most ${slowest.toFixed(2)} s after the scan`,
    tasks,
    seconds: median(counted.map(({ seconds }) => seconds)),
    goals: [
      { text: `${runs} of ${runs} exact`, reached: exact === runs },
      atMost('within 3 s after the scan', slowest, 3),
    ],
  };
}

async function fill({ client, say }: Bench, tasks: number): Promise<void> {
  say(`${tasks.toLocaleString('en')} tasks on a distant server`);
  await client.flushDb();
  await seedAsyncTaskFlow(client, { tasks, seed: 5 });
}

async function withDistantServer(
  { redis }: Bench,
  { roundTripMs, jitterMs }: { roundTripMs: number; jitterMs: number },
  work: (target: Target) => Promise<void>,
): Promise<void> {
  const proxy = await startPeer('delaying-proxy.mjs', [redis.port, roundTripMs, jitterMs]);
  const target = await connectTarget(`redis://127.0.0.1:${proxy.firstLine}/0`, { name: 'bench' });
  try {
    await work(target);
  } finally {
    closeTarget(target);
    await proxy.stop();
  }
}

/** Counts as the tools for state counters do. The databases here are too large for one script. */
async function count(target: Target, pace: Pace) {
  const startedAt = performance.now();
  let scannedAt = startedAt;
  const scanned = (fraction: number) => {
    if (fraction === 1) scannedAt = performance.now();
  };
  const taskCounter = openTaskCounter({ ...depsOf(target), pace, scanned });
  try {
    const snapshot = await taskCounter.take();
    const endedAt = performance.now();
    return {
      seconds: (endedAt - startedAt) / 1_000,
      afterScanMs: endedAt - scannedAt,
      isExact: isExact(snapshot),
    };
  } finally {
    await taskCounter.close();
  }
}

function isExact({ counts, counters }: Snapshot): boolean {
  return TASK_STATES.every((state) => {
    const counter = counters[state];
    return counter.kind === 'integer' && Number(counter.value) - counts.states[state] === DRIFT;
  });
}
