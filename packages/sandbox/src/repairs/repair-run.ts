import { setTimeout as sleep } from 'node:timers/promises';
import { counterDifferences } from '../census.js';
import { checkModel } from '../model-check/check-model.js';
import { connectClient, type SandboxClient } from '../redis-client.js';
import { seedAsyncTaskFlow } from '../seeding/seed-asynctaskflow.js';
import type { FaultCounts } from '../seeding/seed-options.js';
import { drainTraffic } from '../traffic/drain-traffic.js';
import { RunLog } from '../traffic/run-log.js';
import { startTraffic } from '../traffic/start-traffic.js';
import type { TrafficOptions } from '../traffic/traffic-options.js';
import { doublePlaces } from './double-places.js';
import { sentencesOf, unfinishedTasks } from './judge-run.js';
import type { Repair, RepairContext, RepairRun, RepairRunsOptions } from './repair-options.js';

const LIMITS = { activeTimeoutMs: 1000, pendingTimeoutMs: 300, scheduledGraceMs: 100 };
/** Tasks are short against the limits, and some outlive their worker's beat. */
const TIMES = { windowMs: 6, taskMs: 250, hardLimitMs: 400, beatTtlMs: 150, retryMs: 300 };
const SHARES = { killShare: 0.04, loseShare: 0.03, consumerDeathShare: 0.03, tornShare: 0.05 };
const PACE = { writers: 4, think: 8, adopt: ['PENDING', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'] } as const;

const MIX = { COMPLETED: 20, PENDING: 40, ACTIVE: 5, SCHEDULED: 15, DLQ: 15, FAILED: 5 };
const FAULTS: FaultCounts = {
  stuckActive: 6,
  orphanedPending: 6,
  overdueScheduled: 6,
  orphanedScheduled: 4,
  orphanedDlq: 4,
  ghostEntry: 4,
};
const WRONG_ENTRIES: FaultCounts = { staleEntry: 6, duplicateEntry: 4 };

const LATER_MS = 2 * 3_600_000;
const MOST_ROUNDS = 10;
const later = (): RepairContext => ({ ...LIMITS, now: () => new Date(Date.now() + LATER_MS) });

/** One run of `repairsUnderTraffic` in one database, which it empties first. */
export async function repairRun(
  url: string,
  repair: Repair,
  options: RepairRunsOptions & { run: number },
): Promise<RepairRun> {
  const startedAt = performance.now();
  const seed = (options.seed ?? 1) + options.run;
  const strict = options.strict ?? options.run % 2 === 0;
  const client = await connectClient(url);
  try {
    const log = new RunLog();
    const { takeOver, excused } = await fill(client, { ...options, seed, strict });
    for (const id of excused) log.allow(id, 1);
    const trafficOptions: TrafficOptions = {
      ...PACE,
      ...TIMES,
      ...SHARES,
      schedulerDown: (options.run % 3) / 2,
      ...options.traffic,
      seed,
      strict,
      takeOver,
      watch: true,
      log,
    };
    const traffic = await startTraffic(url, trafficOptions);
    const seen = new Map<string, string>();
    const look = async (): Promise<void> => {
      for (const [id, what] of await doublePlaces(client)) if (!excused.has(id)) seen.set(id, what);
    };
    let underTraffic = 0;
    try {
      for (let call = 0; call < (options.repairs ?? 2); call++) {
        await sleep(options.pauseMs ?? 250);
        underTraffic += await repair(url, { ...LIMITS, now: () => new Date() });
        await look();
      }
    } finally {
      await traffic.stop();
    }
    await client.del(await client.keys('worker:heartbeat:*'));
    let afterwards = await repairAll(url, repair);
    await look();
    await drainTraffic(url, { ...trafficOptions, windowMs: 0, watch: false });
    afterwards += await repairAll(url, repair);
    const run = {
      seed,
      strict,
      starts: log.count('started'),
      repaired: { underTraffic, afterwards },
      traffic: await traffic.stop(),
      seconds: (performance.now() - startedAt) / 1000,
      violations: [
        ...log.violations(),
        ...[...seen].map(([id, what]) => `${id} ${what}: ${log.timeline(id)}`),
      ],
      faults: await checkModel(client, { now: new Date(Date.now() + LATER_MS) }),
      unfinished: await unfinishedTasks(client),
      differences: await counterDifferences(client),
    };
    return { ...run, wrong: sentencesOf(run, (id) => log.timeline(id)) };
  } finally {
    await client.close();
  }
}

/** Seeds the system. `takeOver`: tasks that live workers run; `excused`: ids queued once too often from the start. */
async function fill(
  client: SandboxClient,
  { seed, strict, tasks = 250, faults }: RepairRunsOptions & { seed: number; strict: boolean },
) {
  await client.flushDb();
  const manifest = await seedAsyncTaskFlow(client, {
    tasks,
    seed,
    mix: MIX,
    faults: faults ?? (strict ? FAULTS : { ...FAULTS, ...WRONG_ENTRIES }),
  });
  const { staleEntry, duplicateEntry } = manifest.faults;
  return {
    takeOver: [...manifest.ids.active, ...staleEntry],
    excused: new Set([...staleEntry, ...duplicateEntry]),
  };
}

/** Calls the tool at a clock past all time-outs, until it has nothing more to repair, at most ten times. */
async function repairAll(url: string, repair: Repair): Promise<number> {
  let all = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const repaired = await repair(url, later());
    if (repaired === 0) break;
    all += repaired;
  }
  return all;
}
