import { readFileSync } from 'node:fs';
import { debugDigest, runBin } from '@atf/sandbox';
import { beforeEach, expect, test } from '@jest/globals';
import { FOREIGN, useSystem } from './use-system.js';

const system = useSystem();
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [, ...LISTS] =
  /permissions that a Redis user needs to delete: `([^`]+)`[^`]*`--scope db`[^`]*`([^`]+)`[^`]*`--backup`[^`]*`([^`]+)`/.exec(
    README,
  ) ?? [];
const [ALWAYS = [], FLUSHING = [], SAVING = []] = LISTS.map((list) => list.split(/\s+/));
let files = 0;

const allow = (rules: readonly string[]) =>
  system.client.sendCommand(['ACL', 'SETUSER', 'resetter', 'reset', 'on', '>pw', '~*', ...rules]);
const run = (flags: readonly string[]) =>
  runBin('reset-redis', [
    '--redis-url',
    system.redis.url.replace('redis://', 'redis://resetter:pw@'),
    '--confirm',
    ...flags,
  ]);

beforeEach(async () => {
  await system.client.set('worker:heartbeat:old', '1'); // GETRANGE and PTTL are for heartbeats
  await system.stopWorkers();
  await system.client.scriptFlush();
});

/** What the README says that each way of deleting needs; a flush looks for workers, and at no other key. */
const WAYS: [flags: string[], rules: string[]][] = [
  [[], ALWAYS],
  [
    ['--scope', 'db'],
    [...ALWAYS.filter((rule) => !['+type', '+unlink'].includes(rule)), ...FLUSHING],
  ],
  [['--backup'], [...ALWAYS, ...SAVING]],
];
const withFile = (flags: readonly string[]) =>
  flags.includes('--backup') ? [...flags, `${system.folder}/permissions-${files++}.ndjson`] : flags;

test.each(WAYS)('%j can be done with the permissions that the README names', async (flags, rules) => {
  await allow(rules);
  expect(await run(withFile(flags))).toMatchObject({ code: 0, stderr: '' });
  expect(await system.client.dbSize()).toBe(flags.includes('db') ? 0 : FOREIGN);
});

// +ping is for runs that wait longer than some seconds for an answer.
const DENIALS = WAYS.flatMap(([flags, rules]) =>
  rules.filter((rule) => rule !== '+ping').map((rule) => [flags, rule, rules] as const),
);

test.each(DENIALS)('%j without %s changes nothing: exit 4, and it is said', async (flags, rule, rules) => {
  await allow(rules.filter((other) => other !== rule));
  const before = await debugDigest(system.client);
  const { code, stderr } = await run(withFile(flags));
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('Nothing was changed.') });
  expect(await debugDigest(system.client)).toBe(before);
});
