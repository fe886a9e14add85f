import { seedAsyncTaskFlow } from '@atf/sandbox';
import { type Bench, toolCommand } from '../bench.js';
import { atMost, type Result } from '../result.js';
import { median, medianRatio } from '../statistics.js';
import { timedProcess } from '../timed-process.js';

const TASKS = 28;

/** How long a tool takes to start, as a multiple of Node's own start. Each pair is measured in turn. */
export async function startingRows({ client, redis, say }: Bench, pairs: number): Promise<Result[]> {
  say('starting');
  await client.flushDb();
  await seedAsyncTaskFlow(client, { tasks: TASKS, seed: 4 });
  const tool = toolCommand('fix-counter-sync');
  const runs = [
    { what: '--help', command: [...tool, '--help'] as const, tasks: 0, limit: 2.5 },
    {
      what: 'a whole run, fix-counter-sync --dry-run',
      command: [...tool, '--dry-run', '--redis-url', redis.url] as const,
      tasks: TASKS,
      limit: 5,
    },
  ];
  const rows: Result[] = [];
  for (const { what, command, tasks, limit } of runs) {
    const measured: [number, number][] = [];
    for (let i = 0; i < pairs; i++) {
      const bare = await timedProcess([process.execPath, '-e', '1']);
      measured.push([(await timedProcess([...command] as [string, ...string[]])).seconds, bare.seconds]);
    }
    const ratio = medianRatio(measured);
    rows.push({
      what,
      tasks,
      seconds: median(measured.map(([seconds]) => seconds)),
      floorRatio: ratio,
      note: 'the floor is `node -e 1`',
      goals: [atMost(`within ${limit} × node -e 1`, ratio, limit)],
    });
  }
  return rows;
}
