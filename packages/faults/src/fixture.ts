import { runBin, startProxy } from '@atf/sandbox';
import { type Content, contentOf } from './content.js';
import { type Prepared, prepare } from './faulty-data.js';
import { RedisInstance } from './redis-instance.js';
import { nameOf, type ToolCase } from './tools.js';
import { WriteWatch } from './write-watch.js';

/** A tool's data before and after a run that nothing disturbed, and what that run sent. */
export interface Fixture {
  toolCase: ToolCase;
  /** Where all that was done; free for tests. */
  instance: RedisInstance;
  prepared: Prepared;
  preparedAt: Date;
  before: Content;
  after: Content;
  /** Names of the commands that an undisturbed run sends, in order, over all its connections. */
  commands: readonly string[];
  /** Which of them changed data, by number from 1. */
  writes: readonly number[];
  /** When its first command came, and how long it took altogether, in ms from its start. */
  firstCommandMs: number;
  totalMs: number;
  dispose(): Promise<void>;
}

/** The backup that a run restores, or may write: each run that backs up needs a file of its own. */
export const backupFor = ({ prepared }: Pick<Fixture, 'prepared'>, instance: RedisInstance): string =>
  prepared.backup ?? instance.path();

/** The command line of an unattended run. At full pace, because the number of its commands is then the same each time. */
export function repairArguments({ toolCase }: Pick<Fixture, 'toolCase'>, backup: string): string[] {
  return ['--pace', 'full', ...toolCase.repair(backup)];
}

/** Prepares a tool's data and runs it once, undisturbed: that must repair, and a second run must find nothing to do. */
export async function setUpFixture(toolCase: ToolCase): Promise<Fixture> {
  const instance = await RedisInstance.start();
  const preparedAt = new Date();
  const prepared = await prepare(instance, toolCase);
  const before = await contentOf(instance.client, toolCase, preparedAt);
  await instance.load(prepared.rdb);
  let firstCommandMs = 0;
  const watch = await WriteWatch.begin(instance);
  const startedAt = performance.now();
  const proxy = await startProxy(instance.redis.url, {
    treat(number, words) {
      if (number === 1) firstCommandMs = performance.now() - startedAt;
      return watch.treat(number, words);
    },
  });
  const args = repairArguments({ toolCase }, backupFor({ prepared }, instance));
  const run = await runBin(toolCase.tool, [...args, '--redis-url', proxy.url]);
  const totalMs = performance.now() - startedAt;
  await proxy.stop();
  await instance.dropLock();
  if (run.code !== 0) throw new Error(`${nameOf(toolCase)} ended with ${run.code}:\n${run.stderr}`);
  const after = await contentOf(instance.client, toolCase, preparedAt);
  const left = [...after.faults].filter((fault) =>
    toolCase.repairs.some((kind) => fault.startsWith(`${kind} `)),
  );
  if (left.length > 0) throw new Error(`${nameOf(toolCase)} left ${left.slice(0, 3).join(', ')}`);
  return {
    toolCase,
    instance,
    prepared,
    preparedAt,
    before,
    after,
    commands: proxy.names,
    writes: watch.writes,
    firstCommandMs,
    totalMs,
    dispose: () => instance.stop(),
  };
}
