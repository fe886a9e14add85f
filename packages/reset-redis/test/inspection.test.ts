import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { resetRedisReportSchema } from '../src/index.js';
import { FOREIGN, useSystem } from './use-system.js';

const system = useSystem();

async function inspected(...args: string[]) {
  const { code, stdout } = await system.run([...args, '--json']);
  const { outcome, result } = resetRedisReportSchema.parse(JSON.parse(stdout));
  return { code, outcome, result: result!, inspection: result!.inspection! };
}

describe('without --confirm', () => {
  test('everything is shown, nothing is written, and the exit code is 0', async () => {
    const { code, stdout, stderr } = await system.run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Mode: INSPECTION\n');
    expect(stdout).toMatch(/ {3}task +task:\* +305 +~\d+ kB\n/);
    expect(stdout).toContain('Workers alive: 4\n');
    expect(stdout).toContain(`Keys that are not AsyncTaskFlow's: ${FOREIGN}, about `);
    expect(stdout).toContain("   5 of them with a name of AsyncTaskFlow's, but of another type\n");
    expect(stdout).toContain('Nothing was deleted. --confirm deletes ');
    expect(await system.digest()).toBe(system.digestWith);
  });

  test('keys, queues, tasks and workers are counted right', async () => {
    const { result, inspection, outcome } = await inspected();
    const { client, manifest } = system;
    const keys = await client.dbSize();
    expect(outcome).toBe('found');
    expect(result).toMatchObject({ keys, selected: keys - FOREIGN, confirmed: false, deletion: null });
    expect(inspection.kinds.reduce((sum, kind) => sum + kind.keys, 0)).toBe(keys - FOREIGN);
    const countOf = (name: string) => inspection.kinds.find(({ kind }) => kind === name)?.keys;
    expect([countOf('task'), countOf('celery-result')]).toEqual([manifest.tasks + 1, 20]);
    const copies = (await client.keys('dlq:task:*')).length;
    expect([countOf('dead-letter-copy'), countOf('worker-heartbeat')]).toEqual([copies, 4]);
    expect(inspection.unrelated).toMatchObject({ keys: FOREIGN, wrongType: 5, measured: FOREIGN });
    expect(inspection.unrelated.samples).toContainEqual({ key: 'task:a-list', type: 'list' });
    expect(inspection.unrelated.samples).toContainEqual({ key: '\\xff\u0000\n\u001b', type: 'string' });
    expect(inspection.tasks).toMatchObject({ unknownState: 1, missingState: 1 });
    expect(inspection.tasks?.states.COMPLETED).toBe(manifest.states.COMPLETED);
    const depthOf = (name: string) => inspection.queues.find(({ key }) => key === name)?.depth;
    expect(depthOf('tasks:pending:primary')).toBe(await client.lLen('tasks:pending:primary'));
    expect(depthOf('tasks:scheduled')).toBe(await client.zCard('tasks:scheduled'));
    expect(depthOf('unacked')).toBe(await client.hLen('unacked'));
    expect(result.workers).toMatchObject({ live: 4, stale: 0 });
  });

  test('a queue that is no queue is facts', async () => {
    await system.client.del('dlq:tasks');
    await system.client.set('dlq:tasks', 'x');
    const { inspection } = await inspected();
    expect(inspection.queues).toContainEqual({ key: 'dlq:tasks', depth: null });
    expect(inspection.unrelated.wrongType).toBe(6);
  });

  test('nothing of the terminal is touched by what is in a key', async () => {
    expect((await system.run()).stdout).not.toContain('\u001b');
  });

  test('an empty database is in order', async () => {
    await system.client.flushDb();
    expect(await inspected('--check')).toMatchObject({ code: 0, outcome: 'clean' });
    expect(await system.run(['--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('a large database is counted right', async () => {
    await system.client.eval("for i = 1, 60000 do redis.call('SET', 'session:' .. i, i) end", {});
    const { inspection } = await inspected();
    expect(inspection.unrelated.keys).toBe(FOREIGN + 60_000);
    expect(inspection.unrelated.measured).toBeLessThan(1_000);
  });
});

describe.each([
  [
    ['--dry-run', '--confirm', '--force'],
    0,
    /\nDRY RUN: Would delete \d+ keys of AsyncTaskFlow\n\nTo do this, run:\n {2}reset-redis .*\n$/,
  ],
  [
    ['--dry-run', '--confirm', '--scope', 'db'],
    0,
    /\nDRY RUN: Would delete all \d+ keys of this database\n⚠️ {2}It would be refused/,
  ],
  [['--check', '--confirm', '--force'], 1, /\n❌ Found \d+ keys of AsyncTaskFlow\n$/],
  [['--check'], 1, /\n❌ Found \d+ keys of AsyncTaskFlow\n$/],
])('%j', (args, exitCode, conclusion) => {
  test('shows what would go, and writes nothing, not even a backup', async () => {
    const backup = args.includes('--confirm') ? ['--backup', `${system.folder}/never.ndjson`] : [];
    const { code, stdout } = await system.run([...args, ...backup]);
    expect([code, stdout]).toEqual([exitCode, expect.stringMatching(conclusion)]);
    expect(await system.digest()).toBe(system.digestWith);
    expect(existsSync(`${system.folder}/never.ndjson`)).toBe(false);
  });
});
