import { readdirSync } from 'node:fs';
import { celeryMetaKey, dlqCopyKey, loadRecording, RECORDING, runBin, seedAsyncTaskFlow } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();

/** The tools that delete, each as it deletes without a question. */
const TOOLS: [tool: string, flags: string[]][] = [
  ['delete-defective-tasks', ['--yes']],
  ['cleanup-celery-meta', ['--yes']],
  ['reset-redis', ['--confirm', '--force']],
  ['reset-redis', ['--confirm', '--force', '--scope', 'db']],
];

describe.each(TOOLS)('what %s %j deleted', (tool, flags) => {
  const run = (name: string, ...args: string[]) => runBin(name, ['--redis-url', emptied.redis.url, ...args]);

  beforeEach(async () => {
    await loadRecording(emptied.client);
    const [id] = RECORDING.defectiveDlq;
    await emptied.client.hSet(dlqCopyKey(id), { task_id: id, last_error: 'x'.repeat(100) });
    await emptied.client.set(celeryMetaKey('a'), '{"status":"SUCCESS"}', {
      expiration: { type: 'EX', value: 9_000 },
    });
    await emptied.client.set(celeryMetaKey('b'), '{"status":"SUCCESS"}');
    await emptied.client.set('foreign', 'x');
  });

  test('comes back: the database is as it was', async () => {
    const before = await emptied.digest();
    const file = emptied.path();
    expect(await run(tool, ...flags, '--backup', file)).toMatchObject({ code: 0 });
    expect(await emptied.digest()).not.toBe(before);
    expect(await run('restore-backup', file)).toMatchObject({ code: 0, stderr: '' });
    expect(await emptied.digest()).toBe(before);
    expect((await run('restore-backup', file)).stdout).toContain('✅ Nothing to restore\n');
  });

  test('is saved to a new file in a folder, which the report names; a run that deletes nothing leaves none', async () => {
    const folder = emptied.path();
    const { stdout } = await run(tool, ...flags, '--backup', `${folder}/`);
    const [file = '', ...others] = readdirSync(folder);
    expect([file, others]).toEqual([expect.stringMatching(`^${tool}-\\d{8}T\\d{6}\\.\\d{3}Z\\.ndjson$`), []]);
    expect(stdout).toContain(`Backup: ${folder}/${file}`);
    expect(await run(tool, ...flags, '--backup', `${folder}/`)).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([file]);
  });

  test('comes back on a larger system with faults in it', async () => {
    await emptied.client.flushDb();
    const faults = { unknownId: 60, defectiveDlq: 40, ghostEntry: 5 };
    await seedAsyncTaskFlow(emptied.client, {
      tasks: 2_000,
      seed: 7,
      faults,
      celeryMeta: { count: 300, withTtl: 100 },
    });
    const before = await emptied.digest();
    const file = emptied.path();
    expect(await run(tool, ...flags, '--backup', file)).toMatchObject({ code: 0 });
    expect(await run('restore-backup', file)).toMatchObject({ code: 0 });
    expect(await emptied.digest()).toBe(before);
  });
});
