import { runsUnderTraffic } from '../exactness.js';
import { startRedis } from '../redis-server.js';
import { runBin } from '../run-bin.js';
import { seedAsyncTaskFlow } from '../seeding/seed-asynctaskflow.js';
import { print } from './print.js';

export interface ExactnessFlags {
  tool: string;
  tasks: number;
  runs: number;
  writers: number;
  /** 0: no limit. */
  rate: number;
  seed: number;
}

/**
 * Runs a counter tool again and again while workers go on, and counts by hand after each; resolves to 0 where every run
 * left the counters exact. Takes some seconds a run at 200,000 tasks.
 */
export async function exactness({ tool, tasks, runs, rate, ...traffic }: ExactnessFlags): Promise<number> {
  const redis = await startRedis();
  try {
    const client = await redis.client();
    await seedAsyncTaskFlow(client, { tasks, seed: traffic.seed });
    print(
      `${tool}, ${tasks} tasks, ${traffic.writers} writers: all counters set wrong, run, counted by hand`,
    );
    const runTool = async () => (await runBin(tool, ['--redis-url', redis.url])).code ?? -1;
    const options = { runs, ...traffic, ratePerSecond: rate || undefined };
    let exact = 0;
    let run = 0;
    for await (const { exitCode, differences, ...seen } of runsUnderTraffic(
      { url: redis.url, client },
      runTool,
      options,
    )) {
      const right = exitCode === 0 && differences.length === 0;
      if (right) exact++;
      print(
        `${String(++run).padStart(4)}  ${right ? 'exact' : 'WRONG'}  exit ${exitCode}  ${seen.seconds.toFixed(1)} s, ` +
          `${seen.transitionsMeanwhile} transitions meanwhile${right ? '' : `  ${JSON.stringify(differences)}`}`,
      );
    }
    print(`${exact} of ${runs} runs exact`);
    return exact === runs ? 0 : 1;
  } finally {
    await redis.stop();
  }
}
