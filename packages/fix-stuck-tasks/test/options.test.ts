import { DLQ_LIST, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, seedAsyncTaskFlow } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { Kind } from '../src/kinds.js';
import { FIX, useFixture } from './support.js';
import { EVERY_FAULT, pending, stuck } from './tasks.js';

const fixture = useFixture();
beforeEach(fixture.startIdle);
const only = (...kinds: Kind[]) => ({ ...FIX, only: kinds });

describe('options', () => {
  test('limit: the oldest are repaired, the rest is left', async () => {
    for (const [i, id] of ['a', 'b', 'c'].entries()) {
      await fixture.write(id, { ...stuck(id), started_at: `2026-11-0${i + 1}T00:00:00`, updated_at: '' });
    }
    const { outcome, result } = await fixStuckTasks(fixture.deps(), { ...FIX, limit: 2 });
    expect(outcome).toBe('repaired');
    expect(result.findings.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a', 'repaired'],
      ['b', 'repaired'],
      ['c', 'left'],
    ]);
    expect(await fixture.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['a', 'b']);
  });

  test('limit: an entry goes before its task is put back, so that each run gets on', async () => {
    await fixture.write('a', stuck('a'));
    await fixture.client.rPush(PRIMARY_QUEUE, 'a');
    const outcomes = [];
    let at = Date.now();
    for (let run = 0; run < 2; run++) {
      const { outcome, result } = await fixStuckTasks(fixture.deps(), {
        ...FIX,
        limit: 1,
        clock: () => new Date(at++),
      });
      outcomes.push([outcome, ...result.findings.map(({ kind, outcome }) => `${kind} ${outcome}`)]);
    }
    expect(outcomes).toEqual([
      ['repaired', 'stale-entry repaired', 'stuck-active left'],
      ['repaired', 'stuck-active repaired'],
    ]);
    expect(await fixture.client.lRange(RETRY_QUEUE, 0, -1)).toEqual(['a']);
  });

  test('only: a task whose entry in a queue is not looked for is left alone, and that is said', async () => {
    await fixture.write('a', stuck('a'));
    await fixture.write('b', { ...pending('b'), state: 'SCHEDULED' });
    await fixture.client.rPush(PRIMARY_QUEUE, ['a', 'b']);
    await fixture.client.zAdd(SCHEDULED_SET, { value: 'b', score: 1 });
    const before = await fixture.digest();
    const { outcome, result } = await fixStuckTasks(
      fixture.deps(),
      only('stuck-active', 'overdue-scheduled'),
    );
    expect(outcome).toBe('partial');
    const obstacle = { code: 'in-wrong-queue', queue: PRIMARY_QUEUE, type: null };
    expect([...result.findings].sort((a, b) => a.id.localeCompare(b.id))).toMatchObject([
      { id: 'a', outcome: 'reported', obstacle },
      { id: 'b', outcome: 'reported', obstacle },
    ]);
    expect(await fixture.digest()).toBe(before);
  });

  test.each<[Kind, string, string]>([
    ['stuck-active', 'ACTIVE', RETRY_QUEUE],
    ['orphaned-dlq', 'DLQ', DLQ_LIST],
  ])('only: %s names the sorted set that holds its id as the obstacle', async (kind, state, queue) => {
    await fixture.write('a', { ...stuck('a'), state });
    await fixture.client.zAdd(SCHEDULED_SET, { value: 'a', score: 1 });
    const before = await fixture.digest();
    const { outcome, result } = await fixStuckTasks(fixture.deps(), only(kind));
    const obstacle = { code: 'in-wrong-queue', queue: SCHEDULED_SET, type: null };
    expect(result.findings).toMatchObject([{ id: 'a', kind, queue, outcome: 'reported', obstacle }]);
    expect([outcome, await fixture.digest()]).toEqual(['partial', before]);
    expect((await fixStuckTasks(fixture.deps(), FIX)).outcome).toBe('repaired');
    expect(await fixture.client.exists(SCHEDULED_SET)).toBe(0);
  });

  test('only: nothing else is looked for', async () => {
    await seedAsyncTaskFlow(fixture.client, { tasks: 50, seed: 8, faults: EVERY_FAULT });
    const { result } = await fixStuckTasks(fixture.deps(), only('orphaned-dlq', 'ghost-entry'));
    expect(result.kinds).toMatchObject([
      { kind: 'orphaned-dlq', repaired: 11 },
      { kind: 'ghost-entry', repaired: 16 },
    ]);
    expect(result.findings).toHaveLength(27);
  });

  test('include: FAILED is only reported without it', async () => {
    await fixture.write('a', { ...stuck('a'), state: 'FAILED' });
    const before = await fixture.digest();
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect(outcome).toBe('clean');
    expect(result.findings).toMatchObject([{ kind: 'failed', outcome: 'reported', repair: null }]);
    expect(await fixture.digest()).toBe(before);
    expect((await fixStuckTasks(fixture.deps(), { ...FIX, include: ['failed'] })).outcome).toBe('repaired');
  });
});
