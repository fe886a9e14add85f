import { TASK_STATES } from '@atf/core';
import { counterKey } from '@atf/sandbox';
import { type Bench, type FloorRun, runScript, runTool, type ToolRuns, toolCommand } from '../bench.js';
import { compareWithFloor } from '../floor.js';
import { type PeerProcess, startPeer } from '../peer-process.js';
import { atMost, type Goal, judgedGoals, type PingTimes, type Result } from '../result.js';
import { median } from '../statistics.js';

const TASKS = 10_000_000;
const BATCH = 100_000;
const CHANGES_PER_SECOND = 400;
/** What is added to each counter: an exact count finds this and nothing else. */
const DRIFT = 3;

/** Each tool that looks at all tasks. */
const TOOLS = [
  'fix-counter-sync',
  'initialize-counters',
  'delete-defective-tasks',
  'fix-stuck-tasks',
  'cleanup-celery-meta',
]; /** These read each defective task. */
const TOOLS_FOR_DEFECTS = ['delete-defective-tasks', 'fix-stuck-tasks'];

/** Ten million small tasks: some minutes for each tool, and 4 GB for the server. */
export async function tenMillionRows(bench: Bench): Promise<Result[]> {
  await bench.client.flushDb();
  await forAllTasks(bench, 'fill-tasks.lua');
  const rows = [await countUnderTraffic(bench)];
  for (const name of TOOLS) rows.push(await lookAtAll(bench, name, 'healthy tasks'));
  await runScript(bench, 'change-tasks.lua', ['1', String(BATCH), 'state', 'ACTIVE']);
  rows.push(await lookAtAll(bench, 'fix-stuck-tasks', '100,000 tasks stuck'));
  await forAllTasks(bench, 'change-tasks.lua', ['updated_at', 'yesterday']);
  for (const name of TOOLS_FOR_DEFECTS) rows.push(await lookAtAll(bench, name, 'all tasks defective'));
  return rows;
}

async function forAllTasks(bench: Bench, script: string, change: readonly string[] = []): Promise<void> {
  bench.say(`${script}: ${TASKS.toLocaleString('en')} tasks`);
  for (let first = 1; first <= TASKS; first += BATCH) {
    await runScript(bench, script, [String(first), String(first + BATCH - 1), ...change]);
  }
}

/** Counts while another program changes tasks. Each run must find the drift and nothing else. */
async function countUnderTraffic(bench: Bench): Promise<Result> {
  const what = `fix-counter-sync --dry-run, at ${CHANGES_PER_SECOND} changes/s`;
  bench.say(what);
  for (const state of TASK_STATES) await bench.client.incrBy(counterKey(state), DRIFT);
  const floors: FloorRun[] = [];
  let traffic: PeerProcess | undefined;
  const idlePing = await bench.other.idle();
  const command: [string, ...string[]] = [...toolCommand('fix-counter-sync'), '--dry-run', '--json'];
  const runs = await runTool(bench, command, async () => {
    await traffic?.stop();
    floors.push(await runScript(bench, 'count-floor.lua'));
    traffic = await startPeer('changing-client.mjs', [bench.redis.port, CHANGES_PER_SECOND]);
  });
  await traffic?.stop();
  for (const state of TASK_STATES) await bench.client.decrBy(counterKey(state), DRIFT);
  const floor = compareWithFloor(runs.seconds, floors);
  const exact = runs.outputs.filter(isExact).length;
  return {
    what: `${what}: ${exact} of ${runs.outputs.length} exact`,
    tasks: TASKS,
    ...rowOf(runs, idlePing),
    ...floor,
    goals: [
      { text: 'exact', reached: exact === runs.outputs.length },
      ...judgedGoals(
        [atMost('within 1.4 × the floor', floor.floorRatio, 1.4), ...goals(runs, idlePing)],
        floor.disturbed,
      ),
    ],
  };
}

function isExact(output: string): boolean {
  const counters: { change: number }[] = JSON.parse(output).result.counters;
  return counters.every(({ change }) => change === -DRIFT);
}

async function lookAtAll(bench: Bench, name: string, note: string): Promise<Result> {
  bench.say(`${name} --dry-run (${note})`);
  const idlePing = await bench.other.idle();
  const runs = await runTool(bench, [...toolCommand(name), '--dry-run'], async () => {});
  return {
    what: `${name} --dry-run`,
    note,
    tasks: TASKS,
    ...rowOf(runs, idlePing),
    goals: goals(runs, idlePing),
  };
}

function rowOf({ seconds, peakMb, ping }: ToolRuns, idlePing: PingTimes) {
  return { seconds: median(seconds), peakMb, ping, idlePing };
}

function goals({ peakMb, ping }: ToolRuns, idlePing: PingTimes): Goal[] {
  return [
    atMost('peak under 130 MB', peakMb, 130),
    atMost('PING p99 under 5 ms', ping.p99, 5),
    atMost('max at most 20 ms above idle', ping.max - idlePing.max, 20),
  ];
}
