import { seedAsyncTaskFlow } from '@atf/sandbox';
import { type Bench, plainSeconds, runTool, toolCommand } from '../bench.js';
import { atMost, type Result } from '../result.js';
import { median } from '../statistics.js';
import { commonGoals } from './goals.js';

const LISTS = ['tasks:pending:primary', 'tasks:pending:retry', 'dlq:tasks'];
const CHUNK = 5_000;

export interface DefectiveOptions {
  tasks: number;
  defective: number;
  /** Entries of each of the three lists. */
  queued: number;
  withPlain: boolean;
}

/** Deletes defective tasks whose ids stand all over three long queues. */
export async function deletingDefectiveRow(bench: Bench, options: DefectiveOptions): Promise<Result> {
  const { tasks, defective, queued, withPlain } = options;
  const [count, long] = [defective, queued].map((number) => number.toLocaleString('en'));
  bench.say(`delete-defective-tasks deletes ${count} tasks with three queues of ${long}`);
  let plain: number | undefined;
  if (withPlain) {
    await fill(bench, options);
    plain = await plainSeconds(bench, 'delete-defective');
  }
  await fill(bench, options);
  const idlePing = await bench.other.idle();
  const command: [string, ...string[]] = [...toolCommand('delete-defective-tasks'), '--yes'];
  const { seconds, peakMb, ping } = await runTool(bench, command, () => fill(bench, options));
  const row = { tasks: tasks + defective, seconds: median(seconds), peakMb, ping, idlePing };
  return {
    what: `delete-defective-tasks --yes, ${count} tasks, three queues of ${long}`,
    ...row,
    ...(plain === undefined ? {} : { plainRatio: plain / row.seconds }),
    goals: [atMost('under 3 s', row.seconds, 3), ...commonGoals(row)],
  };
}

/** Every list holds a third of the defective ids, evenly among ids that nobody else names. */
async function fill({ client }: Bench, { tasks, defective, queued }: DefectiveOptions): Promise<void> {
  await client.flushDb();
  const { faults } = await seedAsyncTaskFlow(client, {
    tasks,
    contentBytes: 450,
    seed: 3,
    faults: { unknownId: defective },
  });
  const every = Math.floor((queued * LISTS.length) / defective);
  let next = 0;
  for (const list of LISTS) {
    await client.del(list);
    for (let from = 0; from < queued; from += CHUNK) {
      const ids = Array.from({ length: Math.min(CHUNK, queued - from) }, (_, i) =>
        (from + i) % every === 0 && next < defective
          ? faults.unknownId[next++]!
          : `${(from + i).toString(16).padStart(8, '0')}-0000-4000-a000-000000000000`,
      );
      await client.rPush(list, ids);
    }
  }
}
