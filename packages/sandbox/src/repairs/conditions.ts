import { taskKey } from '../keys.js';
import { isoformat, microsOf } from '../python.js';
import type { SandboxClient } from '../redis-client.js';
import { seedAsyncTaskFlow } from '../seeding/seed-asynctaskflow.js';
import type { FaultCounts } from '../seeding/seed-options.js';
import { RunLog } from '../traffic/run-log.js';
import type { TrafficOptions } from '../traffic/traffic-options.js';
import { WorkClock } from '../traffic/work-clock.js';
import type { RepairContext, RepairRunsOptions } from './repair-options.js';

/** What one run is about. */
export interface RunPlan extends RepairRunsOptions {
  seed: number;
  strict: boolean;
  /** Of the time, see `TrafficFaults`. */
  schedulerDown: number;
}

const LIMITS = { activeTimeoutMs: 1000, pendingTimeoutMs: 300, scheduledGraceMs: 100 };
/** Tasks are short against the limits, and some outlive their worker's beat. */
const TIMES = { windowMs: 6, taskMs: 250, hardLimitMs: 400, beatTtlMs: 150, retryMs: 300 };
const SHARES = { killShare: 0.05, loseShare: 0.03, consumerDeathShare: 0.03, tornShare: 0.08 };
const PACE = { writers: 4, think: 6, adopt: ['PENDING', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'] } as const;

const TASKS = 150;
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
const FOREIGN_MESSAGES = 4;

/** Later than every time-out, grace and `retry_after`. */
const LATER_MS = 2 * 3_600_000;

/** The options of the tool under traffic. */
export const contextUnder = (clock: WorkClock): RepairContext => ({
  ...LIMITS,
  now: () => new Date(clock.now()),
  wait: (ms) => clock.wait(ms),
});

/** The options of the tool after the traffic has ended. */
export const contextAfter = (clock: WorkClock): RepairContext => ({
  ...LIMITS,
  now: () => new Date(clock.now() + LATER_MS),
  wait: async () => {},
});

/** Every second run strict, every third without a scheduler, every third with one that is down half the time. */
export const planOf = (run: number, options: RepairRunsOptions): RunPlan => ({
  ...options,
  seed: (options.seed ?? 1) + run,
  strict: options.strict ?? run % 2 === 0,
  schedulerDown: (run % 3) / 2,
});

/** A filled database: what its traffic is to be like, its log, and the ids queued once too often from the start. */
export interface Filled {
  log: RunLog;
  clock: WorkClock;
  traffic: TrafficOptions;
  excused: ReadonlySet<string>;
}

/** Empties and seeds the database. */
export async function fillForRun(client: SandboxClient, plan: RunPlan): Promise<Filled> {
  const { seed, strict, schedulerDown } = plan;
  await client.flushDb();
  const { ids, faults } = await seedAsyncTaskFlow(client, {
    tasks: TASKS,
    seed,
    mix: MIX,
    faults: strict ? FAULTS : { ...FAULTS, ...WRONG_ENTRIES },
    foreignMessages: FOREIGN_MESSAGES,
  });
  const [log, clock] = [new RunLog(), new WorkClock()];
  const excused = new Set(EXCUSED.flatMap((fault) => faults[fault]));
  for (const id of excused) log.allow(id, 1);
  const takeOver = [...ids.active, ...faults.staleEntry];
  await beginNow(client, takeOver);
  const own = { schedulerDown, ...plan.traffic, seed, strict, takeOver, watch: true, log, clock };
  return { log, clock, excused, traffic: { ...PACE, ...TIMES, ...SHARES, ...own } };
}

/** Lets the ACTIVE ones among them begin now: no live worker runs a task for as long as the limit. */
async function beginNow(client: SandboxClient, ids: readonly string[]): Promise<void> {
  const now = isoformat(microsOf(new Date()));
  for (const id of ids) {
    if ((await client.hGet(taskKey(id), 'state')) !== 'ACTIVE') continue;
    await client.hSet(taskKey(id), { started_at: now, updated_at: now });
  }
}

/** Faults that make a message too many, whatever the tool does. */
const EXCUSED = [
  'staleEntry',
  'duplicateEntry',
  'twoLists',
  'queuedAndSent',
  'sentTwice',
  'staleMessage',
] as const;
