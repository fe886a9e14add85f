import { readFile } from 'node:fs/promises';
import { debugDigest, loadRecording, RECORDING, runBin } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { backUpAndDelete } from './take-records.js';
import { useRedis } from './use-redis.js';

const emptied = useRedis();

test('a user with the permissions that the README names can restore, and replace', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, commands = ''] = /The permissions that a Redis user needs: `([^`]+)`/.exec(readme) ?? [];
  const rules = ['ACL', 'SETUSER', 'restorer', 'on', '>pw', '~*', '-@all', ...commands.split(/\s+/)];
  await emptied.client.sendCommand(rules);
  await loadRecording(emptied.client);
  const before = await debugDigest(emptied.client);
  const file = await backUpAndDelete(emptied, [...RECORDING.queuedPending, ...RECORDING.overdueScheduled]);
  const url = emptied.redis.url.replace('redis://', 'redis://restorer:pw@');
  for (const args of [['--dry-run'], [], ['--replace', '--yes']]) {
    expect(await runBin('restore-backup', ['--redis-url', url, file, ...args])).toMatchObject({
      code: 0,
      stderr: '',
    });
  }
  expect(await debugDigest(emptied.client)).toBe(before);
});
