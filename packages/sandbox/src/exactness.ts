import { setTimeout as sleep } from 'node:timers/promises';
import { type CounterDifference, counterDifferences } from './count-states.js';
import { counterKey, STATES } from './keys.js';
import { createRandom, type Random } from './random.js';
import type { SandboxClient } from './redis-client.js';
import { startTraffic } from './traffic/start-traffic.js';

/** How often and under what to see whether a tool gets the counters right. */
export interface ExactnessOptions {
  runs: number;
  seed: number;
  writers: number;
  /** Transitions a second of all writers together; left out: as fast as they go. */
  ratePerSecond?: number | undefined;
}

/** One run: what the tool said, how busy it was meanwhile, and what is wrong afterwards. */
export interface ExactnessRun {
  exitCode: number;
  /** Changes of state while the tool ran. */
  transitionsMeanwhile: number;
  seconds: number;
  /** Counters that do not equal the tasks once the traffic has stopped; empty where the tool was right. */
  differences: CounterDifference[];
}

/** A database under test: its URL, and a client to look at it. */
export interface Sandboxed {
  url: string;
  client: SandboxClient;
}

/**
 * Sets every counter wrong, starts traffic, runs the tool, stops the traffic, and counts by hand; again and again.
 * `runTool` returns the tool's exit code. Cost: about 30 µs a task and run, beside the tool's own time.
 */
export async function* runsUnderTraffic(
  { url, client }: Sandboxed,
  runTool: () => Promise<number>,
  { runs, seed, writers, ratePerSecond }: ExactnessOptions,
): AsyncGenerator<ExactnessRun> {
  const random = createRandom(seed);
  for (let run = 0; run < runs; run++) {
    await drift(client, random);
    const traffic = await startTraffic(url, { writers, seed: seed + run, ratePerSecond });
    while (traffic.stats().total === 0) await sleep(5);
    const before = traffic.stats().total;
    const startedAt = performance.now();
    const exitCode = await runTool();
    const seconds = (performance.now() - startedAt) / 1000;
    const transitionsMeanwhile = traffic.stats().total - before;
    const { errors } = await traffic.stop();
    if (errors.length > 0) throw new Error(`the traffic broke off: ${errors.join('; ')}`);
    yield { exitCode, transitionsMeanwhile, seconds, differences: await counterDifferences(client) };
  }
}

async function drift(client: SandboxClient, random: Random): Promise<void> {
  for (const state of STATES) await client.incrBy(counterKey(state), random.int(41) - 20);
}
