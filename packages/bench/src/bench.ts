import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandOfBin, type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';
import { type OtherClient, startOtherClient } from './other-client.js';
import type { PingTimes } from './result.js';
import { median } from './statistics.js';
import { type TimedProcess, timedProcess } from './timed-process.js';

const PEERS = fileURLToPath(new URL('./peers/', import.meta.url));

/** A server, another client of it, and how to measure on it. */
export interface Bench {
  readonly redis: SandboxRedis;
  readonly client: SandboxClient;
  readonly other: OtherClient;
  readonly repeats: number;
  /** Tells how far it is. */
  say(text: string): void;
}

export type BenchOptions = Pick<Bench, 'repeats' | 'say'>;

/** Runs work on a server of its own, with another client. */
export async function withBench<Answer>(
  options: BenchOptions,
  work: (bench: Bench) => Promise<Answer>,
): Promise<Answer> {
  const redis = await startRedis();
  const other = await startOtherClient(redis.port);
  try {
    return await work({ redis, client: await redis.client(), other, ...options });
  } finally {
    await other.stop();
    await redis.stop();
  }
}

/** A tool as its users run it. @throws Error where it is not built */
export function toolCommand(name: string): [string, ...string[]] {
  const command = commandOfBin(name);
  if (command.length > 2) throw new Error(`${name} is not built: run npm run build`);
  return command;
}

/** What some runs of a tool took, needed and printed. */
export interface ToolRuns {
  seconds: number[];
  outputs: string[];
  peakMb: number;
  ping: PingTimes;
}

/** Runs a tool, `before` each run whatever is to be measured in turn with it. */
export async function runTool(
  { redis, other, repeats, say }: Bench,
  command: readonly [string, ...string[]],
  before: () => Promise<void>,
): Promise<ToolRuns> {
  const runs: { answer: TimedProcess; ping: PingTimes }[] = [];
  for (let i = 0; i < repeats; i++) {
    await before();
    const full: [string, ...string[]] = [...command, '--redis-url', redis.url];
    runs.push(await other.during(() => timedProcess(full, { measuresPeak: true })));
    say(`  ${runs.at(-1)!.answer.seconds.toFixed(2)} s`);
  }
  return {
    seconds: runs.map(({ answer }) => answer.seconds),
    outputs: runs.map(({ answer }) => answer.stdout),
    peakMb: Math.max(...runs.map(({ answer }) => answer.peakMb!)),
    ping: {
      p99: median(runs.map(({ ping }) => ping.p99)),
      max: median(runs.map(({ ping }) => ping.max)),
    },
  };
}

/** Seconds that the plain way takes for a job, as a process. */
export async function plainSeconds({ redis, say }: Bench, job: string): Promise<number> {
  const command = [process.execPath, `${PEERS}plain-way.mjs`, String(redis.port), job] as const;
  const { seconds } = await timedProcess([...command]);
  say(`  the plain way: ${seconds.toFixed(1)} s`);
  return seconds;
}

/** What one script took: its time, and how much of that the server had a processor. */
export interface FloorRun {
  seconds: number;
  cpuSeconds: number;
}

/** Runs one script of the folder `peers` on the server. */
export async function runScript({ client }: Bench, file: string, args: string[] = []): Promise<FloorRun> {
  const source = readFileSync(`${PEERS}${file}`, 'utf8');
  const cpuBefore = cpuOf(await client.info('cpu'));
  const startedAt = performance.now();
  await client.eval(source, { arguments: args });
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, cpuSeconds: cpuOf(await client.info('cpu')) - cpuBefore };
}

function cpuOf(info: string): number {
  return [...info.matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)].reduce(
    (sum, [, text]) => sum + Number(text),
    0,
  );
}
