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

  test('computes ages by the clock of Redis, because the clock of this machine may be wrong', async () => {
    await results.add(3, { ageMs: 0 });
    const deps = depsOf(targetOf(results.client as unknown as Redis));
    const ahead = { ...deps, now: () => new Date(Date.now() + 365 * 24 * HOUR) };
    const options = { dryRun: true, olderThanMs: HOUR };
    expect((await cleanupCeleryMeta(ahead, options)).result.selected).toBe(0);
  });

  test('reads values of megabytes in parts, and measures only what it deletes', async () => {
    const date = new Date(Date.now() - 3 * HOUR).toISOString();
    await results.add(300, { ageMs: 0 });
    await results.keep();
    for (let i = 0; i < 30; i++)
      await results.client.set(celeryMetaKey(`large-${i}`), celeryMeta('x'.repeat(1_000_000), date));
    await results.client.configResetStat();
    const { stdout } = await results.run(['--yes', '--older-than', '2h']);
    expect(stdout).toContain('✅ Deleted 30 ');
    expect(stdout).toMatch(/Memory of the older ones: about 3\d\.\d MB \(estimate from 30 measured\)/);
    const [, gets] = /cmdstat_get:calls=(\d+)/.exec(await results.client.info('commandstats'))!;
    expect(Number(gets)).toBeLessThan(1_000); // never of a large value
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

/** A client that changes something right before the tool deletes the key. */
async function clientThat(change: () => Promise<unknown>, key: string): Promise<Redis> {
  const client = (await results.redis.client()) as unknown as Redis;
  const send = client.sendCommand.bind(client);
  client.sendCommand = (async (...args: Parameters<typeof send>) => {
    if (args[0][0] === 'EVALSHA' && args[0].some((arg) => String(arg) === key)) await change();
    return await send(...args);
  }) as typeof send;
  return client;
}
const DELETE_OLD = { dryRun: false, yes: true, olderThanMs: HOUR };

test('a result that changes between the judging and the deletion stays', async () => {
  const keys = await results.add(3, { ageMs: 3 * HOUR });
  const client = await clientThat(async () => {
    await results.client.set(keys[0]!, celeryMeta('x', new Date().toISOString()));
    await results.client.del(keys[1]!);
  }, keys[0]!);
  const work = await cleanupCeleryMeta(depsOf(targetOf(client)), DELETE_OLD);
  expect(work).toMatchObject({
    outcome: 'partial',
    result: { selected: 3, deleted: 1, changed: 1, left: 0 },
  });
  expect(await results.left()).toEqual([keys[0]]);
});

describe('a result whose value is too large to be hashed whole', () => {
  const date = new Date(Date.now() - 3 * HOUR).toISOString();
  const value = celeryMeta('x'.repeat(1_000_000), date);

  test.each([
    ['its date', value.replace(date, new Date().toISOString())],
    ['its state', value.replace('SUCCESS', 'FAILURE')],
    ['its length', celeryMeta('x'.repeat(1_000_001), date)],
  ])('stays if %s changes between the judging and the deletion', async (_, changed) => {
    const key = celeryMetaKey('large');
    await results.client.set(key, value);
    const client = await clientThat(() => results.client.set(key, changed), key);
    const { outcome, result } = await cleanupCeleryMeta(depsOf(targetOf(client)), DELETE_OLD);
    expect([outcome, result]).toEqual(['partial', expect.objectContaining({ deleted: 0, changed: 1 })]);
    expect(await results.client.get(key)).toBe(changed);
  });
});

test.each([
  [undefined, 3, 2],
  [HOUR, 0, 0], // without a date they are kept
])(
  'results that are STARTED or RETRY are counted among those to delete: %j',
  async (olderThanMs, started, retrying) => {
    await results.add(4, { ageMs: 3 * HOUR });
    for (let i = 0; i < 3; i++)
      await results.client.set(celeryMetaKey(`s${i}`), '{"status": "STARTED", "date_done": null}');
    await results.client.set(celeryMetaKey('r0'), '{"status":"RETRY"}');
    await results.client.set(celeryMetaKey('r1'), '{"result": 1, "status": "RETRY"}');
    for (const [dryRun, yes] of [
      [true, false],
      [false, true],
    ] as const) {
      const deps = depsOf(targetOf(results.client as unknown as Redis));
      const { result } = await cleanupCeleryMeta(deps, { dryRun, yes, olderThanMs });
      expect(result).toMatchObject({ started, retrying, selected: olderThanMs === undefined ? 9 : 4 });
    }
  },
);
