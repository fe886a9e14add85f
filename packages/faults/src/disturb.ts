import {
  type Random,
  type RedisProxy,
  type StartedBin,
  startBin,
  startProxy,
  type Treatment,
} from '@atf/sandbox';
import { backupFor, type Fixture, repairArguments } from './fixture.js';
import type { RedisInstance } from './redis-instance.js';
import type { Code } from './reports.js';
import { isLong, spread } from './test-size.js';

/** What happens to one command of a run, and the codes by which the tool may then tell its failure. */
export interface Disturbance {
  kind: string;
  treatment: Treatment;
  codes: readonly Code[];
  command: number;
}

type Kind = Omit<Disturbance, 'command'>;

const LOST: readonly Code[] = ['CONNECTION_LOST', 'UNREACHABLE'];
const cutting = (kind: 'cut' | 'cut-reply' | 'halve-reply'): Kind => ({ kind, treatment: kind, codes: LOST });
const refusing = (code: Code, error: string): Kind => ({
  kind: error.split(' ')[0]!,
  treatment: { error },
  codes: [code],
});

export const CUTS = [cutting('cut'), cutting('cut-reply'), cutting('halve-reply')];

/** As Redis 7 says it. */
export const REFUSALS = [
  refusing('SERVER', "OOM command not allowed when used memory > 'maxmemory'."),
  refusing('SERVER', 'LOADING Redis is loading the dataset in memory'),
  refusing(
    'SERVER',
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
  ),
  refusing(
    'SERVER',
    'MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.',
  ),
  refusing('SERVER', 'NOREPLICAS Not enough good replicas to write.'),
  refusing('READ_ONLY', "READONLY You can't write against a read only replica."),
  refusing('NO_PERMISSION', "NOPERM this user has no permissions to run the 'evalsha' command"),
  refusing('AUTH', 'NOAUTH Authentication required.'),
];

/**
 * Two of the kinds, others for each tool, at one command each, one of which writes; one for a further way of a tool, and where
 * a run takes seconds. In the long run each kind, at all commands where they are a hundred at most and a run is short, else at the first
 * that write and spread over all.
 */
export function drawDisturbances(
  { commands, writes, toolCase }: Fixture,
  kinds: readonly Kind[],
  random: Random,
): Disturbance[] {
  if (isLong) {
    const isShort = commands.length <= 100 && !toolCase.isSlow;
    const many = () => [
      ...(isShort ? [] : writes.slice(0, 10)),
      ...spread(commands.length, isShort ? commands.length : 20, random),
    ];
    return kinds.flatMap((kind) => many().map((command) => ({ ...kind, command })));
  }
  const first = random.int(kinds.length);
  return [
    { ...kinds[first]!, command: random.pick(writes) },
    { ...kinds[(first + 1) % kinds.length]!, command: 1 + random.int(commands.length) },
  ].slice(0, commands.length > 3_000 || toolCase.way ? 1 : 2);
}

export interface DisturbedStart {
  /** The command at which it happens, by number from 1; or it is the first before which this is so. */
  command: number | (() => Promise<boolean>);
  treatment: Treatment;
  /** What happens to the tool or to Redis before that. */
  before?: (child: StartedBin['child']) => Promise<void> | void;
  /** Behind the command line of an unattended run. */
  args?: readonly string[];
}

/** Starts a tool on the fixture's data behind a proxy that treats one command. */
export async function startDisturbed(
  instance: RedisInstance,
  fixture: Fixture,
  { command, treatment, before = () => {}, args = [] }: DisturbedStart,
): Promise<StartedBin & { proxy: RedisProxy }> {
  let isDone = false;
  const proxy = await startProxy(instance.redis.url, {
    async treat(number) {
      const isIt = typeof command === 'number' ? number === command : !isDone && (await command());
      if (!isIt || isDone) return 'pass';
      isDone = true;
      await before(child);
      return treatment;
    },
  });
  const own = repairArguments(fixture, backupFor(fixture, instance));
  const { child, ended } = startBin(fixture.toolCase.tool, [...own, ...args, '--redis-url', proxy.url]);
  return {
    child,
    proxy,
    /** How it ended, once Redis has done what it had got. */
    ended: ended.then(async (run) => {
      await proxy.stop();
      return run;
    }),
  };
}
