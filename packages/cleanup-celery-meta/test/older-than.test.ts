import { depsOf, type Redis, targetOf } from '@atf/core';
import { celeryMeta, celeryMetaKey } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { cleanupCeleryMeta } from '../src/index.js';
import { useResults } from './use-results.js';

const results = useResults();
const HOUR = 3_600_000;

describe('--older-than', () => {
  test('deletes what was done before, and keeps what is younger or has no date', async () => {
    await results.add(4, { ageMs: HOUR });
    const dates = ['null', '7', '"yesterday"', '"0001-01-01T00:00:00"', '{}'];
    for (const [i, date] of dates.entries())
      await results.client.set(celeryMetaKey(`odd-${i}`), `{"date_done": ${date}}`);
    for (const [i, value] of ['no json', '', '[]', '7', 'null', '\u0080'].entries())
      await results.client.set(celeryMetaKey(`broken-${i}`), value);
    await results.keep();
    await results.add(6, { ageMs: 3 * HOUR });
    const { code, stdout } = await results.run(['--yes', '--older-than', '2h']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '   Older than 2h: 6\n   Younger, kept: 4\n   Without a readable date_done, kept: 11\n',
    );
    expect(stdout).toMatch(/✅ Deleted 6 celery-task-meta keys\n {3}Verified: none of them is left\n$/);
    expect(await results.digest()).toBe(results.digestWithout);
  });

  test('shows in a dry run what then goes', async () => {
    await results.add(3, { ageMs: 0 });
    await results.add(5, { ageMs: 3 * HOUR });
    const { stdout } = await results.run(['--dry-run', '--older-than', '2h']);
    expect(stdout).toMatch(/DRY RUN: Would delete 5 celery-task-meta keys\n\nTo do this/);
  });

  test('goes by the clock it is given', async () => {
    await results.add(3);
    const deps = depsOf(targetOf(results.client as unknown as Redis));
    const day = 24 * HOUR;
    const later = { ...deps, now: () => new Date(Date.now() + day) };
    const options = { dryRun: true, olderThanMs: day - HOUR };
    expect((await cleanupCeleryMeta(deps, options)).result.selected).toBe(0);
    expect((await cleanupCeleryMeta(later, options)).result.selected).toBe(3);
  });

  test('reads values of megabytes a few at a time', async () => {
    const date = new Date(Date.now() - 3 * HOUR).toISOString();
    for (let i = 0; i < 30; i++)
      await results.client.set(celeryMetaKey(`large-${i}`), celeryMeta('x'.repeat(1_000_000), date));
    expect((await results.run(['--yes', '--older-than', '2h'])).stdout).toContain('✅ Deleted 30 ');
    expect(await results.digest()).toBe(results.digestWithout);
  });

  test('does not read what is larger than 8 MB, and so keeps it', async () => {
    const date = new Date(Date.now() - 3 * HOUR).toISOString();
    const large = celeryMeta('x'.repeat(8_000_000), date);
    await results.client.set(celeryMetaKey('large'), large);
    await results.keep();
    await results.client.set(celeryMetaKey('fitting'), large.replace(/x{1000}/, ''));
    const { stdout } = await results.run(['--yes', '--older-than', '2h']);
    expect(stdout).toContain(
      '   Older than 2h: 1\n   Younger, kept: 0\n   Without a readable date_done, kept: 1\n',
    );
    expect(await results.digest()).toBe(results.digestWithout);
  });

  test.each(['soon', '0s', '-1h', '5'])('of %j is a usage error', async (duration) => {
    const { code, stderr } = await results.run(['--yes', `--older-than=${duration}`]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--older-than is not a duration')]);
  });
});

test('a result that is written anew between the judging and the deletion stays', async () => {
  const keys = await results.add(3, { ageMs: 3 * HOUR });
  const client = (await results.redis.client()) as unknown as Redis;
  const fresh = celeryMeta('x', new Date().toISOString());
  const send = client.sendCommand.bind(client);
  client.sendCommand = (async (...args: Parameters<typeof send>) => {
    const reply: unknown = await send(...args);
    const wasRead = Array.isArray(reply) && reply.length === 2 && Array.isArray(reply[1]);
    if (wasRead) {
      await results.client.set(keys[0]!, fresh);
      await results.client.del(keys[1]!);
    }
    return reply;
  }) as typeof send;
  const work = await cleanupCeleryMeta(depsOf(targetOf(client)), {
    dryRun: false,
    yes: true,
    olderThanMs: HOUR,
  });
  expect(work).toMatchObject({
    outcome: 'partial',
    result: { selected: 3, deleted: 1, changed: 1, left: 0 },
  });
  expect(await results.left()).toEqual([keys[0]]);
});
