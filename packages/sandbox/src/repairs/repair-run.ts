import { setTimeout as sleep } from 'node:timers/promises';
import { counterDifferences } from '../count-states.js';
import { checkModel } from '../model-check/check-model.js';
import { connectClient, type SandboxClient } from '../redis-client.js';
import { drainTraffic } from '../traffic/drain-traffic.js';
import { startTraffic } from '../traffic/start-traffic.js';
import type { TrafficStats } from '../traffic/traffic-options.js';
import { contextAfter, contextUnder, type Filled, fillForRun, type RunPlan } from './conditions.js';
import { sentencesOf, unfinishedTasks } from './judge-run.js';
import { queuedTwice } from './queued-twice.js';
import type { Repair, RepairContext, RepairRun } from './repair-options.js';

const REPAIRS = 2;
/** The traffic works for so many ms before each call, by its clock. */
const PAUSE_MS = 250;
const TRANSITIONS = 20;
const MOST_ROUNDS = 10;

/** A database in a run, and what was seen in it so far. */
interface RunningSystem extends Filled {
  url: string;
  client: SandboxClient;
  repair: Repair;
  /** By id, what a look after a repair found. */
  seen: Map<string, string>;
}

/** One run of `repairsUnderTraffic` in one database, which it empties first. */
export async function repairRun(url: string, repair: Repair, plan: RunPlan): Promise<RepairRun> {
  const startedAt = performance.now();
  const client = await connectClient(url);
  try {
    const system = { url, client, repair, seen: new Map(), ...(await fillForRun(client, plan)) };
    const { repaired: underTraffic, traffic } = await workAndRepair(system, plan);
    const heartbeats = await client.keys('worker:heartbeat:*');
    if (heartbeats.length > 0) await client.del(heartbeats);
    const afterwards = await repairAndDrain(system);
    const seconds = (performance.now() - startedAt) / 1000;
    return await judge(system, { plan, repaired: { underTraffic, afterwards }, traffic, seconds });
  } finally {
    await client.close();
  }
}

/** Calls the tool a few times while the traffic goes on, each time after a pause in which it got somewhere. */
async function workAndRepair(
  system: RunningSystem,
  plan: RunPlan,
): Promise<{ repaired: number; traffic: TrafficStats }> {
  const traffic = await startTraffic(system.url, system.traffic);
  let repaired = 0;
  try {
    for (let call = 0; call < (plan.repairs ?? REPAIRS); call++) {
      const before = traffic.stats().total;
      await system.clock.wait(PAUSE_MS);
      while (traffic.stats().total < before + TRANSITIONS) await sleep(5);
      repaired += await repairOnce(system, contextUnder(system.clock));
    }
  } finally {
    await traffic.stop();
  }
  return { repaired, traffic: traffic.stats() };
}

/**
 * The tool repairs and workers run what waits, in turn, until there is nothing more to repair: a message that workers throw
 * away may have been what kept the tool from a task.
 */
async function repairAndDrain(system: RunningSystem): Promise<number> {
  let all = await repairAll(system);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await drainTraffic(system.url, { ...system.traffic, windowMs: 0, watch: false });
    const repaired = await repairAll(system);
    if (repaired === 0) break;
    all += repaired;
  }
  return all;
}

/** Calls the tool at a clock past all time-outs, until it has nothing more to repair, at most ten times. */
async function repairAll(system: RunningSystem): Promise<number> {
  let all = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const repaired = await repairOnce(system, contextAfter(system.clock));
    if (repaired === 0) break;
    all += repaired;
  }
  return all;
}

async function repairOnce(
  { url, client, repair, excused, seen }: RunningSystem,
  context: RepairContext,
): Promise<number> {
  const repaired = await repair(url, context);
  for (const [id, what] of await queuedTwice(client)) if (!excused.has(id)) seen.set(id, what);
  return repaired;
}

async function judge(
  { client, clock, log, seen }: RunningSystem,
  { plan, ...figures }: Pick<RepairRun, 'repaired' | 'traffic' | 'seconds'> & { plan: RunPlan },
): Promise<RepairRun> {
  const run = {
    seed: plan.seed,
    strict: plan.strict,
    starts: log.count('started'),
    ...figures,
    violations: [...log.violations(), ...[...seen].map(([id, what]) => `${id} ${what}: ${log.timeline(id)}`)],
    faults: await checkModel(client, { now: contextAfter(clock).now() }),
    unfinished: await unfinishedTasks(client),
    differences: await counterDifferences(client),
  };
  return { ...run, wrong: sentencesOf(run, (id) => log.timeline(id)) };
}
