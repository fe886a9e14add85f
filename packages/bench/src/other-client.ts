import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PingTimes } from './result.js';
import { percentile } from './statistics.js';

const PROGRAM = fileURLToPath(new URL('./pinging-client.mjs', import.meta.url));
const IDLE_MS = 2_000;

/** Another client of the server, whose PINGs tell what is felt of the others. */
export interface OtherClient {
  /** What it felt while this ran. */
  during<Answer>(work: () => Promise<Answer>): Promise<{ answer: Answer; ping: PingTimes }>;
  /** What it feels while nothing runs. Takes 2 s. */
  idle(): Promise<PingTimes>;
  stop(): Promise<void>;
}

export async function startOtherClient(port: number): Promise<OtherClient> {
  const child = spawn(process.execPath, [PROGRAM, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const stretch = async (): Promise<number[]> => {
    child.stdin.write('\n');
    return JSON.parse((await lines.next()).value);
  };
  const during: OtherClient['during'] = async (work) => {
    await stretch();
    const answer = await work();
    const times = await stretch();
    return { answer, ping: { p99: percentile(times, 99), max: Math.max(...times) } };
  };
  await stretch();
  return {
    during,
    idle: async () => (await during(() => sleep(IDLE_MS))).ping,
    async stop() {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}
