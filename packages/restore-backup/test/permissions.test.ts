import { readFileSync } from 'node:fs';
import { counterDifferences, debugDigest, dlqCopyKey, loadRecording, RECORDING, runBin } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { backUpAndDelete, keyRecords } from './take-records.js';
import { useRedis } from './use-redis.js';

const emptied = useRedis();
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [, LINE = ''] = /The permissions that a Redis user needs: `([^`]+)`/.exec(README) ?? [];
const COMMANDS = LINE.split(/\s+/);
const IDS = [...RECORDING.queuedPending, ...RECORDING.overdueScheduled];

const allow = (...rules: string[]) =>
  emptied.client.sendCommand(['ACL', 'SETUSER', 'restorer', 'reset', 'on', '>pw', '~*', ...rules]);
const run = (...args: string[]) =>
  runBin('restore-backup', [
    '--redis-url',
    emptied.redis.url.replace('redis://', 'redis://restorer:pw@'),
    ...args,
  ]);

beforeEach(async () => {
  await loadRecording(emptied.client);
  await emptied.client.scriptFlush();
});

describe('a user with the permissions that the README names', () => {
  test('can restore, and replace', async () => {
    await allow(...COMMANDS);
    const before = await debugDigest(emptied.client);
    const file = await backUpAndDelete(emptied, IDS);
    for (const args of [['--dry-run'], [], ['--replace', '--yes']]) {
      expect(await run(file, ...args)).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await debugDigest(emptied.client)).toBe(before);
  });

  test('and without INFO can restore too', async () => {
    await allow(...COMMANDS, '-info');
    const before = await debugDigest(emptied.client);
    const file = await backUpAndDelete(emptied, IDS);
    expect(await run(file)).toMatchObject({ code: 0, stderr: '' });
    expect(await debugDigest(emptied.client)).toBe(before);
  });
});

/** Writes a key of each type; the commands that only the comparison of that type needs. */
const TYPES: [commands: string[], write: (value: string) => Promise<unknown>][] = [
  [['hgetall'], (value) => emptied.client.hSet('key', 'f', value)],
  [['smembers'], (value) => emptied.client.sAdd('key', value)],
  [['llen'], (value) => emptied.client.rPush('key', value)],
  [['zrange', 'zcard'], (value) => emptied.client.zAdd('key', { value, score: 1 })],
  [['dump'], (value) => emptied.client.xAdd('key', '1-1', { f: value })],
];

/** A backup of one record that needs the command. */
async function backupThatNeeds(command: string): Promise<string> {
  const [, write] = TYPES.find(([commands]) => commands.includes(command)) ?? [];
  if (!write) {
    const [id] = RECORDING.overdueScheduled;
    await emptied.client.hSet(dlqCopyKey(id), 'state', 'DLQ');
    await emptied.client.lPush('tasks:pending:primary', id);
    return await backUpAndDelete(emptied, [id]);
  }
  await write('old');
  const file = await emptied.backup(await keyRecords(emptied.target, ['key']));
  await emptied.client.del('key');
  await write('new');
  return file;
}

// +info is for a warning, +ping for runs that wait longer than some seconds for an answer.
const NEEDED = COMMANDS.map((rule) => rule.slice(1)).filter((name) => !['info', 'ping'].includes(name));

test.each(NEEDED)('without +%s nothing is changed: exit 4, and it is said', async (command) => {
  const file = await backupThatNeeds(command);
  const before = await debugDigest(emptied.client);
  await emptied.client.scriptFlush();
  await allow(...COMMANDS, `-${command}`);
  const { code, stderr } = await run(file, '--replace', '--yes');
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('Nothing was changed.') });
  expect(await debugDigest(emptied.client)).toBe(before);
});

test('a run that lacked a permission is made whole by one that has it: counters too', async () => {
  const before = await debugDigest(emptied.client);
  const file = await backUpAndDelete(emptied, IDS);
  await allow(...COMMANDS, '-incrby');
  expect((await run(file)).code).toBe(4);
  await allow(...COMMANDS);
  expect((await run(file)).code).toBe(0);
  expect(await counterDifferences(emptied.client)).toEqual([]);
  expect(await debugDigest(emptied.client)).toBe(before);
});
