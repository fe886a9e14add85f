import { allowUser, runBin, usersLackingOne } from '@atf/sandbox';
import { beforeEach, expect, test } from '@jest/globals';
import { PERMISSIONS } from '../src/permissions.js';
import { FOREIGN, useSystem } from './use-system.js';

const system = useSystem();
const [OWN, FLUSHING, SAVING] = PERMISSIONS.writer;
const [MONITOR] = PERMISSIONS.monitor;
let files = 0;

const run = async (rules: readonly string[], flags: readonly string[]) =>
  runBin('reset-redis', ['--redis-url', await allowUser(system, 'resetter', rules), ...flags]);

beforeEach(async () => {
  await system.client.set('worker:heartbeat:old', '1'); // GETRANGE and PTTL are for heartbeats
  await system.stopWorkers();
  await system.client.scriptFlush();
});

/** What the README says that each way of deleting needs; a flush looks for workers, and at no other key. */
const WAYS: [flags: string[], rules: readonly string[]][] = [
  [['--confirm'], OWN],
  [
    ['--confirm', '--scope', 'db'],
    [...OWN.filter((rule) => !['+type', '+unlink'].includes(rule)), ...FLUSHING],
  ],
  [
    ['--confirm', '--backup'],
    [...OWN, ...SAVING],
  ],
];
const withFile = (flags: readonly string[]) =>
  flags.includes('--backup') ? [...flags, `${system.folder}/permissions-${files++}.ndjson`] : flags;

test.each(WAYS)('%j can be done with the permissions that the README names', async (flags, rules) => {
  expect(await run(rules, withFile(flags))).toMatchObject({ code: 0, stderr: '' });
  expect(await system.client.dbSize()).toBe(flags.includes('db') ? 0 : FOREIGN);
});

test('an inspection can be done by a user who may only read', async () => {
  expect(await run(MONITOR, [])).toMatchObject({ code: 0, stderr: '' });
  expect(await run(MONITOR, ['--check'])).toMatchObject({ code: 1, stderr: '' });
});

const DENIALS = [...WAYS, [['--check'], MONITOR] as const].flatMap(([flags, rules]) =>
  usersLackingOne(rules, {
    except: ['+ping', '+info', '+wait', '+client|tracking', '+subscribe', '+xread', '&atf:counting'],
  }).map((user) => [flags, user.lacks, user] as const),
);

test.each(DENIALS)('%j without %s changes nothing: exit 4, and it is named', async (flags, _, user) => {
  const before = await system.digest();
  const { code, stderr } = await run(user.rules, withFile(flags));
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringMatching(user.names) });
  if (!flags.includes('--check')) expect(stderr).toContain('Nothing was changed.');
  expect(await system.digest()).toBe(before);
});
