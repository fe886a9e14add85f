import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findRedisBinary, seedAsyncTaskFlow } from '@atf/sandbox';
import { type Bench, type FloorRun, plainSeconds, runScript, runTool, toolCommand } from '../bench.js';
import { compareWithFloor } from '../floor.js';
import { atLeast, atMost, judgedGoals, type Result } from '../result.js';
import { median, medianRatio } from '../statistics.js';
import { commonGoals } from './goals.js';

const CHUNK = 10_000;

/** Deletes Celery's results, twice as many as there are tasks, in every way. */
export async function deletingResultsRow(bench: Bench, tasks: number): Promise<Result> {
  const { client, say, repeats } = bench;
  const results = tasks * 2;
  say(
    `cleanup-celery-meta deletes ${results.toLocaleString('en')} of ${(tasks * 3).toLocaleString('en')} keys`,
  );
  await client.flushDb();
  await seedAsyncTaskFlow(client, { tasks, contentBytes: 450, seed: 2 });

  await fillResults(bench, results);
  const plain = await plainSeconds(bench, 'delete-results');
  const cli = redisCli();
  const floors: FloorRun[] = [];
  const clis: number[] = [];
  const idlePing = await bench.other.idle();
  const command: [string, ...string[]] = [...toolCommand('cleanup-celery-meta'), '--yes'];
  const { seconds, peakMb, ping } = await runTool(bench, command, async () => {
    await fillResults(bench, results);
    floors.push(await runScript(bench, 'delete-floor.lua'));
    await fillResults(bench, results);
    if (cli) clis.push(await cliSeconds(bench, cli));
    await fillResults(bench, results);
  });
  const row = {
    tasks: tasks * 3,
    seconds: median(seconds),
    peakMb,
    ping,
    idlePing,
    plainRatio: plain / median(seconds),
    cliRatio: clis.length < repeats ? null : medianRatio(seconds.map((one, i) => [clis[i]!, one])),
    ...compareWithFloor(seconds, floors),
  };
  return {
    what: 'cleanup-celery-meta --yes, two thirds of all keys',
    ...row,
    goals: judgedGoals(
      [
        atMost('within 1.3 × the floor', row.floorRatio, 1.3),
        ...(row.cliRatio === null ? [] : [atLeast('3 × faster than redis-cli', row.cliRatio, 3)]),
        ...commonGoals(row),
      ],
      row.disturbed,
    ),
  };
}

async function fillResults(bench: Bench, count: number): Promise<void> {
  for (let from = 1; from <= count; from += CHUNK) {
    const to = Math.min(from + CHUNK - 1, count);
    await runScript(bench, 'fill-results.lua', [String(from), String(to)]);
  }
}

/** Beside the server, or undefined. */
function redisCli(): string | undefined {
  const server = findRedisBinary();
  const cli = server && join(dirname(server), 'redis-cli');
  return cli && existsSync(cli) ? cli : undefined;
}

async function cliSeconds({ redis, say }: Bench, cli: string): Promise<number> {
  const at = `"${cli}" -p ${redis.port}`;
  const startedAt = performance.now();
  const line = `${at} --scan --pattern 'celery-task-meta-*' | xargs ${at} unlink`;
  await promisify(execFile)('sh', ['-c', line], { maxBuffer: 2 ** 26 });
  const seconds = (performance.now() - startedAt) / 1000;
  say(`  redis-cli: ${seconds.toFixed(2)} s`);
  return seconds;
}
