import { readFileSync } from 'node:fs';
import { celeryMetaKey, debugDigest, runBin } from '@atf/sandbox';
import { beforeEach, expect, test } from '@jest/globals';
import { useResults } from './use-results.js';

const results = useResults();
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [, ...LISTS] =
  /permissions that a Redis user needs on [^:]+: `([^`]+)`[^`]*`--older-than` or `--backup`[^`]*`([^`]+)`[^`]*`--backup`[^`]*`([^`]+)`/.exec(
    README,
  ) ?? [];
const [ALWAYS = [], READING = [], SAVING = []] = LISTS.map((list) => list.split(/\s+/));
let files = 0;

const allow = (rules: readonly string[]) =>
  results.client.sendCommand([
    ...['ACL', 'SETUSER', 'cleaner', 'reset', 'on', '>pw', '~celery-task-meta-*'],
    ...rules,
  ]);
const run = (flags: readonly string[]) =>
  runBin(
    'cleanup-celery-meta',
    ['--redis-url', results.redis.url.replace('redis://', 'redis://cleaner:pw@'), ...flags],
    { stdin: 'yes\n' },
  );

beforeEach(async () => {
  await results.add(5, { ageMs: 7_200_000 });
  await results.client.set(celeryMetaKey('brief'), '{}', { expiration: { type: 'EX', value: 9_000 } });
  await results.client.scriptFlush();
});

/** What the README says that each way of deleting needs. */
const WAYS: [flags: string[], rules: string[]][] = [
  [[], ALWAYS],
  [
    ['--older-than', '1h'],
    [...ALWAYS, ...READING],
  ],
  [['--backup'], [...ALWAYS, ...READING, ...SAVING]],
];
const withFile = (flags: readonly string[]) =>
  flags.includes('--backup') ? [...flags, `${results.folder}/permissions-${files++}.ndjson`] : flags;

test.each(WAYS)('%j can be done with the permissions that the README names', async (flags, rules) => {
  await allow(rules);
  const { code, stdout } = await run(withFile(flags));
  expect([code, stdout]).toEqual([0, expect.stringContaining('✅ Deleted')]);
});

// +ping is for runs that wait longer than some seconds for an answer.
const DENIALS = WAYS.flatMap(([flags, rules]) =>
  rules.filter((rule) => rule !== '+ping').map((rule) => [flags, rule, rules] as const),
);

test.each(DENIALS)('%j without %s changes nothing: exit 4, and it is said', async (flags, rule, rules) => {
  await allow(rules.filter((other) => other !== rule));
  const before = await debugDigest(results.client);
  const { code, stderr } = await run(withFile(flags));
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('Nothing was changed.') });
  expect(await debugDigest(results.client)).toBe(before);
});
