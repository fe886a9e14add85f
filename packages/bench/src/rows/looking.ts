import { seedAsyncTaskFlow } from '@atf/sandbox';
import { type Bench, type FloorRun, plainSeconds, runScript, runTool, toolCommand } from '../bench.js';
import { compareWithFloor } from '../floor.js';
import { atLeast, atMost, type Goal, judgedGoals, type Result } from '../result.js';
import { median } from '../statistics.js';
import { commonGoals, growthGoals } from './goals.js';

/** A tool that looks at every task, and what it is to reach at a million. */
interface LookingTool {
  name: string;
  /** What it replaces. */
  plain: 'count' | 'judge';
  floorLimit: number;
  plainLimit?: number;
}

const TOOLS: readonly LookingTool[] = [
  { name: 'fix-counter-sync', plain: 'count', floorLimit: 1.25, plainLimit: 13 },
  { name: 'initialize-counters', plain: 'count', floorLimit: 1.25, plainLimit: 13 },
  { name: 'delete-defective-tasks', plain: 'judge', floorLimit: 2.5, plainLimit: 9 },
  { name: 'fix-stuck-tasks', plain: 'judge', floorLimit: 2 },
];

const MILLION = 1_000_000;
/** What fix-stuck-tasks finds. */
const STUCK = [
  'stuckActive',
  'orphanedPending',
  'overdueScheduled',
  'orphanedScheduled',
  'orphanedDlq',
  'ghostEntry',
  'staleEntry',
] as const;
const FINDINGS_OF_A_KIND = 7_000;

/** Each tool that looks at all tasks, on databases of these sizes. */
export async function lookingRows(
  bench: Bench,
  { sizes, plainUpTo }: { sizes: readonly number[]; plainUpTo: number },
): Promise<Result[]> {
  const results: Result[] = [];
  for (const tasks of sizes) {
    await fill(bench, { tasks, contentBytes: 450 });
    const plain = tasks <= plainUpTo ? await plainTimes(bench) : undefined;
    for (const tool of TOOLS) {
      const row = await lookingRow(bench, tool, { tasks, plainSeconds: plain?.[tool.plain] });
      const small = results.find(({ what, tasks: other }) => what === row.what && other === 100_000);
      if (small && tasks > small.tasks) {
        const disturbed = row.disturbed === true || small.disturbed === true;
        row.goals.push(...judgedGoals(growthGoals(row, small), disturbed));
      }
      results.push(row);
    }
    if (tasks === MILLION) results.push(await findingsRow(bench));
  }
  return results;
}

/** fix-stuck-tasks on a million tasks and so many that are stuck: each finding takes time and memory. */
async function findingsRow(bench: Bench): Promise<Result> {
  const faults = Object.fromEntries(STUCK.map((fault) => [fault, FINDINGS_OF_A_KIND]));
  await seedAsyncTaskFlow(bench.client, { tasks: 0, seed: 6, faults, counters: false });
  const tool: LookingTool = { name: 'fix-stuck-tasks', plain: 'judge', floorLimit: 2.5 };
  const row = await lookingRow(bench, tool, { tasks: MILLION, plainSeconds: undefined });
  return { ...row, note: `${(STUCK.length * FINDINGS_OF_A_KIND).toLocaleString('en')} findings` };
}

/** The same tools on few tasks with large contents, which no tool is to read. */
export async function largeContentRows(bench: Bench): Promise<Result[]> {
  const tasks = 1_000;
  await fill(bench, { tasks, contentBytes: 1_000_000 });
  const plain = await plainTimes(bench);
  const rows = [];
  for (const tool of TOOLS) {
    const row = await lookingRow(bench, tool, { tasks, plainSeconds: plain[tool.plain] });
    rows.push({ ...row, note: 'contents of 1 MB' });
  }
  return rows;
}

async function fill({ client, say }: Bench, options: { tasks: number; contentBytes: number }) {
  say(`${options.tasks.toLocaleString('en')} tasks`);
  await client.flushDb();
  await seedAsyncTaskFlow(client, { ...options, seed: 1 });
}

async function plainTimes(bench: Bench): Promise<Record<LookingTool['plain'], number>> {
  return { count: await plainSeconds(bench, 'count'), judge: await plainSeconds(bench, 'judge') };
}

async function lookingRow(
  bench: Bench,
  tool: LookingTool,
  { tasks, plainSeconds: plain }: { tasks: number; plainSeconds: number | undefined },
): Promise<Result> {
  const command = toolCommand(tool.name);
  bench.say(`${tool.name} --dry-run`);
  const floors: FloorRun[] = [];
  const idlePing = await bench.other.idle();
  const { seconds, peakMb, ping } = await runTool(bench, [...command, '--dry-run'], async () => {
    floors.push(await runScript(bench, 'count-floor.lua'));
  });
  const floor = compareWithFloor(seconds, floors);
  const plainRatio = plain === undefined ? {} : { plainRatio: plain / median(seconds) };
  const row = { tasks, seconds: median(seconds), peakMb, ping, idlePing, ...floor, ...plainRatio };
  const speed = tasks === MILLION ? speedGoals(tool, row) : [];
  return {
    what: `${tool.name} --dry-run`,
    ...row,
    goals: judgedGoals([...speed, ...commonGoals(row)], row.disturbed),
  };
}

function speedGoals(
  { floorLimit, plainLimit }: LookingTool,
  { floorRatio, plainRatio }: Pick<Result, 'floorRatio' | 'plainRatio'>,
): Goal[] {
  return [
    atMost(`within ${floorLimit} × the floor`, floorRatio, floorLimit),
    ...(plainLimit === undefined || plainRatio === undefined
      ? []
      : [atLeast(`${plainLimit} × faster than the plain way`, plainRatio, plainLimit)]),
  ];
}
