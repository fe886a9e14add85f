import { allowUser, celeryMetaKey, runBin, usersLackingOne } from '@atf/sandbox';
import { beforeEach, expect, test } from '@jest/globals';
import { PERMISSIONS } from '../src/permissions.js';
import { useResults } from './use-results.js';

const results = useResults();
const [ALWAYS, , SAVING] = PERMISSIONS.writer;
const [MONITOR, MEASURING] = PERMISSIONS.monitor;
let files = 0;

const run = async (rules: readonly string[], flags: readonly string[]) => {
  const url = await allowUser(results, 'cleaner', rules);
  return runBin('cleanup-celery-meta', ['--redis-url', url, ...flags], { stdin: 'yes\n' });
};
const withFile = (flags: readonly string[]) =>
  flags.includes('--backup') ? [...flags, `${results.folder}/permissions-${files++}.ndjson`] : flags;

beforeEach(async () => {
  await results.add(5, { ageMs: 7_200_000 });
  await results.client.set(celeryMetaKey('brief'), '{}', { expiration: { type: 'EX', value: 9_000 } });
  await results.client.scriptFlush();
});

/** What the README says that each way of deleting needs. */
const WAYS: [flags: string[], rules: readonly string[]][] = [
  [[], ALWAYS],
  [['--older-than', '1h'], ALWAYS],
  [['--backup'], [...ALWAYS, ...SAVING]],
];

test.each(WAYS)('%j can be done with the permissions that the README names', async (flags, rules) => {
  const { code, stdout } = await run(rules, withFile(flags));
  expect([code, stdout]).toEqual([0, expect.stringContaining('✅ Deleted')]);
});

const LOOKS: [flags: string[], rules: readonly string[]][] = [
  [['--check'], MONITOR],
  [['--check', '--older-than', '1h'], MONITOR],
];

test('the memory is estimated only with its permission', async () => {
  expect((await run(MONITOR, ['--dry-run'])).stdout).not.toContain('Memory');
  expect((await run([...MONITOR, ...MEASURING], ['--dry-run'])).stdout).toContain('Memory');
});

test.each(LOOKS)('%j can be done by a user who may only read', async (flags, rules) => {
  expect(await run(rules, flags)).toMatchObject({ code: 1, stderr: '' });
});

const DENIALS = [...WAYS, ...LOOKS].flatMap(([flags, rules]) =>
  usersLackingOne(rules).map((user) => [flags, user.lacks, user] as const),
);

test.each(DENIALS)('%j without %s changes nothing: exit 4, and it is named', async (flags, _, user) => {
  const before = await results.digest();
  const { code, stderr } = await run(user.rules, withFile(flags));
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringMatching(user.names) });
  if (!flags.includes('--check')) expect(stderr).toContain('Nothing was changed.');
  expect(await results.digest()).toBe(before);
});
