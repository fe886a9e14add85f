import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { MAINTENANCE_LOCK_KEY } from '@atf/core';
import { counterKey, RECORDING, runBin, startBin, startProxy, taskKey } from '@atf/sandbox';
import { useFolder } from '@atf/sandbox/jest';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { restoreBackupReportSchema } from '../src/index.js';
import { backUpAndDelete, keyRecords } from './take-records.js';
import { useRecorded } from './use-emptied.js';

const recorded = useRecorded();
const folder = useFolder();
const IDS = [...RECORDING.unknownIds, ...RECORDING.queuedPending];
const run = (...args: string[]) => runBin('restore-backup', ['--redis-url', recorded.redis.url, ...args]);
const documentOf = (stdout: string) => restoreBackupReportSchema.parse(JSON.parse(stdout));
let file: string;

beforeEach(async () => {
  file = await backUpAndDelete(recorded, IDS);
});

const report = () => `📦 Backup ${file}: written by delete-defective-tasks at 2026-11-22T15:10:00.000Z

📊 Records read: 6
                          Restored Replaced There Left Expired Refused
   ---------------------- -------- -------- ----- ---- ------- -------
   tasks                  6        0        0     0    0       0
   queue entries          3        0        0     0    0       0

📈 Counters: PENDING +3, COMPLETED +3

`;

describe('restore-backup', () => {
  test('puts back what is missing, and says what', async () => {
    expect(await run(file)).toMatchObject({
      code: 0,
      stdout: `${report()}✅ Restored 6 tasks, 3 queue entries\n`,
      stderr: '',
    });
    expect(await recorded.digest()).toBe(recorded.before);
  });

  test.each([
    ['--dry-run', 0, 'DRY RUN: Would restore 6 tasks, 3 queue entries\n'],
    ['--check', 1, '❌ Found 6 tasks, 3 queue entries to restore\n'],
  ])('%s shows it, writes nothing, and exits %i', async (flag, exitCode, conclusion) => {
    const deleted = await recorded.digest();
    expect(await run(file, flag)).toMatchObject({
      code: exitCode,
      stdout: expect.stringContaining(`${report()}${conclusion}`),
      stderr: '',
    });
    expect(await recorded.digest()).toBe(deleted);
  });

  test('ends in time if a pipe gives nothing', async () => {
    const pipe = join(folder, 'silent');
    execFileSync('mkfifo', [pipe]);
    const writer = await open(pipe, 'r+'); // of both ends, so that neither waits for the other
    expect(await run(pipe, '--check', '--max-runtime', '1s')).toMatchObject({ code: 1, stdout: '' });
    await writer.close();
  });

  test('reads from a pipe, and says that nobody could verify it first', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const running = startBin('restore-backup', ['--redis-url', recorded.redis.url, pipe]);
    execFileSync('cp', [file, pipe]);
    expect(await running.ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('It is no regular file: it was verified while it was read'),
    });
    expect(await recorded.digest()).toBe(recorded.before);
  });

  test('finds nothing the second time, and prints nothing of it with --quiet', async () => {
    await run(file);
    expect(await run(file, '--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const again = await run(file, '--check');
    expect([again.code, again.stdout.split('\n').at(-2)]).toEqual([0, '✅ Nothing to restore']);
  });

  test('leaves alone what exists, names it, and exits 1', async () => {
    await recorded.client.set(taskKey(IDS[0]!), '\u001b[2J');
    const { code, stdout } = await run(file);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `⚠️  Differs from the backup: 1\n   - ${taskKey(IDS[0]!)}: exists and holds something else`,
    );
    expect(await recorded.client.get(taskKey(IDS[0]!))).toBe('\u001b[2J');
  });

  test('names fix-counter-sync where a counter stays another', async () => {
    const records = await keyRecords(recorded.target, [counterKey('DLQ')]);
    await recorded.client.incr(counterKey('DLQ'));
    const { code, stdout } = await run(await recorded.backup(records));
    expect(code).toBe(1);
    expect(stdout).toContain('Run fix-counter-sync');
  });
});

describe('--replace', () => {
  beforeEach(async () => {
    await recorded.client.set(taskKey(IDS[0]!), 'new');
  });

  test('asks, and is refused without an answer: exit 3, nothing changed', async () => {
    const now = await recorded.digest();
    const { code, stdout, stderr } = await run(file, '--replace');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Type yes to go on');
    expect(await recorded.digest()).toBe(now);
  });

  test.each([
    ['a yes through the pipe', [], 'yes\n'],
    ['--yes', ['--yes'], ''],
  ])('goes on with %s', async (_, flags, stdin) => {
    const args = ['--redis-url', recorded.redis.url, file, '--replace', ...flags];
    expect(await runBin('restore-backup', args, { stdin })).toMatchObject({ code: 0 });
    expect(await recorded.digest()).toBe(recorded.before);
  });
});

describe('--json', () => {
  test('prints one document of the exported schema, whatever comes of it', async () => {
    const found = await run(file, '--check', '--json');
    expect([found.code, documentOf(found.stdout).outcome]).toEqual([1, 'found']);
    const repaired = await run(file, '--json');
    expect([repaired.code, documentOf(repaired.stdout).outcome, repaired.stderr]).toEqual([
      0,
      'repaired',
      '',
    ]);
    const clean = await run(file, '--json');
    expect([clean.code, documentOf(clean.stdout).outcome]).toEqual([0, 'clean']);
    await recorded.client.set(taskKey(IDS[0]!), 'new');
    const partial = await run(file, '--json');
    expect([partial.code, documentOf(partial.stdout).result?.problemCount]).toEqual([1, 1]);
    const refused = await run(file, '--json', '--replace');
    expect([refused.code, documentOf(refused.stdout).outcome]).toEqual([3, 'refused']);
  });

  test('says in it what is wrong with the file, or with Redis', async () => {
    const missing = await run(recorded.path(), '--json');
    expect([missing.code, documentOf(missing.stdout).error?.code]).toEqual([2, 'USAGE']);
    const away = await runBin('restore-backup', ['--redis-url', 'redis://127.0.0.1:1/0', file, '--json']);
    expect([away.code, documentOf(away.stdout).error?.code]).toEqual([4, 'UNREACHABLE']);
  });
});

test.each([[[]], [['-']], [['a', 'b']], [['a', '--backup', 'b']]])('%j is a usage error', async (args) => {
  expect(await run(...args)).toMatchObject({ code: 2, stdout: '' });
});

/** Puts 4,000 keys back, and sends signals when two of them are there. */
async function signalled(signals: readonly NodeJS.Signals[], ...args: string[]) {
  await recorded.client.flushDb();
  const keys = Array.from({ length: 4_000 }, (_, i) => `key:${i}`);
  await recorded.client.mSet(Object.fromEntries(keys.map((key, i) => [key, String(i).repeat(50)])));
  const whole = await recorded.digest();
  const backup = await recorded.backup(await keyRecords(recorded.target, keys));
  await recorded.client.flushDb();
  let isSent = false;
  const proxy = await startProxy(recorded.redis.url, {
    async treat(): Promise<'pass'> {
      if (isSent || (await recorded.client.dbSize()) < 2) return 'pass';
      isSent = true;
      for (const signal of signals) child.kill(signal);
      return 'pass';
    },
  });
  const { child, ended } = startBin('restore-backup', ['--redis-url', proxy.url, backup, ...args]);
  const run = await ended;
  await proxy.stop();
  return { run, backup, whole };
}

test('killed in the middle and run again, it does the same as undisturbed', async () => {
  const { run: killed, backup, whole } = await signalled(['SIGKILL']);
  expect(killed.code).toBeNull();
  await recorded.client.pExpire('atf:maintenance-lock', 1_500); // as if 28 s had passed
  expect(await run(backup, '--wait', '30s')).toMatchObject({ code: 0 });
  expect(await recorded.digest()).toBe(whole);
});

test.each([
  ['SIGINT', ['SIGINT'], [130]],
  // Signals that are sent at once may arrive in any order.
  ['SIGINT with a second signal', ['SIGINT', 'SIGTERM'], [130, 143]],
] as const)('%s ends it between two records, with what was done', async (_, signals, codes) => {
  const { code, stdout } = (await signalled(signals, '--json')).run;
  const { outcome, result } = documentOf(stdout);
  expect(codes).toContain(code);
  expect(outcome).toBe('stopped');
  expect(await recorded.client.exists(MAINTENANCE_LOCK_KEY)).toBe(0);
  expect(result?.outcomes.keys.restored).toBe(await recorded.client.dbSize());
});
