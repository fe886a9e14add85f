import { beforeEach, describe, expect, test } from '@jest/globals';
import { useResults } from './use-results.js';

const results = useResults();
let before: string;

beforeEach(async () => {
  await results.add(11);
  before = await results.digest();
});

describe('the question', () => {
  test('shows the target, how many keys it has, and what is deleted', async () => {
    await results.client.set('celery-task-meta-1', '{"status": "STARTED"}');
    await results.client.set('celery-task-meta-2', '{"status": "RETRY"}');
    const { stderr } = await results.run();
    const { host, port } = results.redis;
    expect(stderr).toContain(`Target: redis://${host}:${port}/0, ${await results.client.dbSize()} keys\n`);
    expect(stderr).toContain('   Without an expiry (never removed on their own): 13\n');
    expect(stderr).toContain('   Not finished, and deleted too: 1 STARTED, 1 RETRY\n');
    expect(stderr).toContain('To delete: 13 celery-task-meta keys\n');
  });

  test('is answered by yes through a pipe', async () => {
    const { code, stdout } = await results.run([], { stdin: 'yes\n' });
    expect([code, stdout]).toEqual([0, expect.stringContaining('✅ Deleted 11 celery-task-meta keys\n')]);
    expect(await results.digest()).toBe(results.digestWithout);
  });

  test.each([
    ['', 'no answer'],
    ['\n', 'was not yes'],
    ['y\n', 'was not yes'],
    ['YES\n', 'was not yes'],
    ['no', 'was not yes'],
  ])('is refused by %j: exit 3, nothing changed', async (stdin, why) => {
    const { code, stdout, stderr } = await results.run([], { stdin });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(why);
    expect(stderr).toContain('Nothing was changed.');
    expect(await results.digest()).toBe(before);
  });

  test('is not asked where there is nothing to delete', async () => {
    await results.run(['--yes']);
    expect(await results.run()).toMatchObject({ code: 0, stderr: '' });
  });
});
