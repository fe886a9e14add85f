import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOfBin, counterKey, seedAsyncTaskFlow } from '@atf/sandbox';
import { useFolder, useRedis } from '@atf/sandbox/jest';
import { beforeAll, describe, expect, test } from '@jest/globals';

const TOOL = 'fix-counter-sync';
const folder = useFolder();
const fixture = useRedis();

beforeAll(async () => {
  await seedAsyncTaskFlow(fixture.client, { tasks: 10, seed: 1 });
  await fixture.client.set(counterKey('ACTIVE'), '7');
  const bins = join(folder, 'node_modules', '.bin');
  mkdirSync(bins, { recursive: true });
  writeFileSync(join(bins, TOOL), `#!/bin/sh\nexec ${commandOfBin(TOOL).join(' ')} "$@"\n`);
  chmodSync(join(bins, TOOL), 0o755);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, scripts: { [TOOL]: TOOL } }));
});

/** Runs npm or npx in a folder that has the tool as a script and as a command. */
function run(
  command: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { PATH, HOME } = process.env;
  return new Promise((resolve) => {
    const env = { PATH, HOME, REDIS_URL: fixture.redis.url };
    execFile(command, args, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe('a flag that npm kept for itself is refused, and nothing is written:', () => {
  test.each([
    ['npm', ['run', TOOL, '--dry-run'], `npm run ${TOOL} -- --dry-run`],
    ['npm', ['run', '--check', TOOL], `npm run ${TOOL} -- --check`],
    ['npm', ['run', TOOL, '--redis-url=redis://:geheim@127.0.0.1:1/0'], `npm run ${TOOL} -- --redis-url …`],
    ['npm', ['run', TOOL, '--max-runtime', '5m'], `npm run ${TOOL} -- --max-runtime …`],
    ['npx', ['--dry-run', TOOL], `npx @atf/${TOOL} --dry-run`],
  ])('%s %j', async (command, args, advice) => {
    const before = await fixture.digest();
    const { code, stderr } = await run(command, args);
    expect([code, await fixture.digest()]).toEqual([2, before]);
    expect(stderr).toContain(`   Write: ${advice}\n`);
    expect(stderr).not.toContain('geheim');
  });
});

test.each([
  ['npm', ['run', '--silent', '--yes', '--json', '--force', TOOL, '--', '--check']],
  ['npm', ['run', TOOL, '--dry-run', '--', '--dry-run', '--check']],
  ['npx', ['--yes', TOOL, '--check']],
])(
  'a flag that the tool got, and those that npm sets itself, are no reason: %s %j',
  async (command, args) => {
    expect(await run(command, args)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('❌ Found 1 counter discrepancies:'),
    });
  },
);
