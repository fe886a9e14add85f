import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { counterKey, holdLock, startBin, startRedis } from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';

const PASSWORD = 'geheim-4711';

/** The command line of a process, as `ps` shows it to every user of the machine. */
function shownCommandLine(pid: number): string {
  if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
}

test('a password in the URL is not in the title of the process while it works', async () => {
  const redis = await startRedis({ password: PASSWORD });
  const client = await redis.client();
  await client.set(counterKey('ACTIVE'), '7');
  await holdLock(client);
  const { child, ended } = startBin('fix-counter-sync', [redis.url, '--wait', '1h']);
  const waiting = async () =>
    (await client.sendCommand<string>(['CLIENT', 'LIST'])).includes('atf:fix-counter-sync');
  await until(waiting);
  const title = shownCommandLine(child.pid!).replaceAll('\0', '').trim();
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stderr: expect.not.stringContaining(PASSWORD) });
  expect(title).toBe('fix-counter-sync');
  await redis.stop();
});
