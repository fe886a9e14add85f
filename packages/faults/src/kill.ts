import { type Random, startBin, startProxy } from '@atf/sandbox';
import { backupFor, type Fixture, repairArguments } from './fixture.js';
import type { RedisInstance } from './redis-instance.js';

/** When a tool is killed: at its n-th command, which Redis never sees or has just done, or so many ms after its start. */
export type Kill = { command: number; isDone: boolean } | { ms: number };

/**
 * Draws moments: half of them around the commands that write, a quarter at any command, a quarter by the clock, of which most
 * lie behind the first command.
 */
export function drawKills(
  { commands, writes, firstCommandMs, totalMs }: Fixture,
  count: number,
  random: Random,
): Kill[] {
  return Array.from({ length: count }, (_, i): Kill => {
    const isDone = random.int(2) === 1;
    if (i % 2 === 0 && writes.length > 0) return { command: random.pick(writes), isDone };
    if (i % 4 === 1) return { command: 1 + random.int(commands.length), isDone };
    const from = random.int(5) === 0 ? 0 : firstCommandMs;
    return { ms: Math.round(from + random.next() * (totalMs - from)) };
  });
}

/**
 * Runs a tool on the fixture's data and kills it. Returns the backup that it may have been writing, once Redis has done what it
 * had got.
 */
export async function runKilled(instance: RedisInstance, fixture: Fixture, kill: Kill): Promise<string> {
  await instance.load(fixture.prepared.rdb);
  const end = () => void run.child.kill('SIGKILL');
  const proxy = await startProxy(instance.redis.url, {
    treat(number) {
      if (!('command' in kill) || number !== kill.command) return 'pass';
      if (kill.isDone) return { beforeReply: end };
      end();
      return 'cut';
    },
  });
  const backup = backupFor(fixture, instance);
  const url = 'command' in kill ? proxy.url : instance.redis.url;
  const run = startBin(fixture.toolCase.tool, [...repairArguments(fixture, backup), '--redis-url', url]);
  if ('ms' in kill) setTimeout(end, kill.ms).unref();
  await run.ended;
  await proxy.stop();
  await instance.settle();
  await instance.dropLock();
  return backup;
}
