import { existsSync, readdirSync } from 'node:fs';
import { HEARTBEAT_TTL_SECONDS, heartbeatKey } from '../keys.js';
import { pyFloat } from '../python.js';
import type { SandboxClient } from '../redis-client.js';
import { startRedis } from '../redis-server.js';
import { CONSUMER, LIVE_WORKERS } from '../seeding/system-keys.js';
import { startTraffic } from '../traffic/start-traffic.js';
import { parseFaults } from './fault-flags.js';
import { fill } from './fill.js';
import { print } from './print.js';

export interface ServeFlags {
  port: number;
  password?: string | undefined;
  tasks?: number | undefined;
  seed: number;
  contentBytes?: number | undefined;
  fault: string[];
  foreignKeys: number;
  counters: boolean;
  recording: boolean;
  traffic: boolean;
  writers: number;
  rate: number;
}

/** Starts and fills a Redis, prints how to use it, and keeps it until SIGINT or SIGTERM; resolves to exit code 0. */
export async function serve(flags: ServeFlags): Promise<number> {
  const faults = parseFaults(flags.fault);
  const { port, password, contentBytes, counters, seed, foreignKeys, recording } = flags;
  const interrupted = untilSignal();
  const args = ['--enable-debug-command', 'yes'];
  const redis = await startRedis({ port, args, password });
  const client = await redis.client();
  const tasks = flags.tasks ?? (recording && flags.fault.length === 0 ? 0 : 1000);
  const content = { tasks, seed, counters, foreignKeys, recording, contentBytes, ...faults };
  const filled = await fill(client, content);
  const ratePerSecond = flags.rate || undefined;
  const traffic = flags.traffic
    ? await startTraffic(redis.url, { writers: flags.writers, seed, counters, ratePerSecond })
    : undefined;
  const beating = setInterval(() => beat(client).catch(() => {}), (HEARTBEAT_TTL_SECONDS * 1000) / 3);
  printUsage(redis.url, `${filled}${traffic === undefined ? '' : `, ${flags.writers} writers at work`}`);
  await interrupted;
  clearInterval(beating);
  const stats = await traffic?.stop();
  await redis.stop();
  print('', stats === undefined ? 'Stopped.' : `Stopped after ${stats.total} transitions.`);
  return 0;
}

/** The first SIGINT or SIGTERM; later ones are ignored, since npm passes on the one that the terminal has sent already. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve());
  });
}

/** The seeded workers go on living. */
async function beat(client: SandboxClient): Promise<void> {
  const expiration = { type: 'EX', value: HEARTBEAT_TTL_SECONDS } as const;
  const workers = [...LIVE_WORKERS, CONSUMER];
  const now = pyFloat(Date.now() / 1000);
  await Promise.all(workers.map((worker) => client.set(heartbeatKey(worker), now, { expiration })));
}

/** The packages that have a bin. */
function toolNames(): string[] {
  const packages = new URL('../../../', import.meta.url);
  return readdirSync(packages).filter((name) => existsSync(new URL(`${name}/bin/${name}.js`, packages)));
}

function printUsage(url: string, filled: string): void {
  print(
    `Redis is running at ${url}`,
    `It holds ${filled}.`,
    '',
    'Try, in another terminal:',
    `  npm run fix-counter-sync -- --redis-url ${url} --check`,
    `  npm run fix-counter-sync -- --redis-url ${url}`,
    `Every other tool runs the same way: ${toolNames().join(', ')}.`,
    `  redis-cli -u ${url} --scan --pattern 'task:*'`,
    '',
    'Ctrl-C stops it; nothing is kept.',
  );
}
