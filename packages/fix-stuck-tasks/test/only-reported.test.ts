import { type BrokerMessage, isoformat, microsOf, PRIMARY_QUEUE, unackedTriple } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { FixStuckTasksResult } from '../src/schema.js';
import { BINDING, messageOf, useBrokerFixture } from './broker-fixture.js';
import { DRY_RUN, FIX } from './support.js';

const fixture = useBrokerFixture();

describe('reported, and never repaired, is', () => {
  beforeEach(() => fixture.client.sAdd('_kombu.binding.celery', BINDING));
  const kindsOf = ({ findings }: FixStuckTasksResult) =>
    findings.map(({ kind, id, outcome }) => `${kind} ${id} ${outcome}`);

  test('a message that no index lists; one that is listed is a note, once it is old', async () => {
    const [lost, old, fresh] = ['waits', 'runs', 'other'].map(messageOf) as [
      BrokerMessage,
      BrokerMessage,
      BrokerMessage,
    ];
    for (const message of [lost, old, fresh]) {
      await fixture.client.hSet('unacked', message.deliveryTag, unackedTriple(message));
    }
    const seconds = Date.now() / 1000;
    await fixture.client.zAdd('unacked_index', [
      { value: old.deliveryTag, score: seconds - 1_800 },
      { value: fresh.deliveryTag, score: seconds - 60 },
    ]);
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['unindexed-message waits reported']]);
    expect(result.oldUnacknowledged).toMatchObject({ messages: 1, oldestSeconds: expect.any(Number) });
    const { oldestSeconds, redeliveryInSeconds } = result.oldUnacknowledged!;
    expect(oldestSeconds + redeliveryInSeconds).toBe(3_600);
    expect((await fixStuckTasks(fixture.deps(), DRY_RUN)).outcome).toBe('found');
  });

  test('an id that is queued and in a message', async () => {
    await fixture.client.lPush('celery', messageOf('runs').message);
    await fixture.client.rPush(PRIMARY_QUEUE, ['waits', 'other']);
    await fixture.client.lPush('celery', messageOf('waits').message);
    await fixture.client.set('worker:heartbeat:worker-h-1-0123abcd', '1');
    const { outcome, result } = await fixStuckTasks(fixture.deps(), { ...FIX, only: ['queued-and-sent'] });
    expect([outcome, kindsOf(result)]).toEqual(['found', ['queued-and-sent waits reported']]);
    expect(await fixture.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['waits', 'other']);
  });

  test('no id that goes from its queue into a message while both are read', async () => {
    await fixture.client.lPush('celery', [messageOf('runs').message, messageOf('waits').message]);
    await fixture.client.rPush(PRIMARY_QUEUE, 'waits');
    const deps = fixture.when('scan', () => fixture.client.lRem(PRIMARY_QUEUE, 0, 'waits'));
    expect(kindsOf((await fixStuckTasks(deps, FIX)).result)).toEqual([]);
  });

  test('an id that waits while nobody consumes', async () => {
    await fixture.client.lPush('celery', messageOf('runs').message);
    await fixture.client.rPush(PRIMARY_QUEUE, 'waits');
    await fixture.client.set('worker:heartbeat:celery-h-9', '1');
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['not-consumed waits reported']]);
    expect(result.alive).toEqual({ workers: 1, consumers: 0 });
    await fixture.client.set('worker:heartbeat:worker-h-1-0123abcd', '1');
    expect(await fixStuckTasks(fixture.deps(), FIX)).toMatchObject({
      outcome: 'clean',
      result: { alive: { consumers: 1 } },
    });
  });

  test('as a note: a message that is in the broker twice', async () => {
    const [once, twice, taken] = ['waits', 'runs', 'other'].map(messageOf) as [
      BrokerMessage,
      BrokerMessage,
      BrokerMessage,
    ];
    await fixture.client.lPush('celery', [once.message, twice.message]);
    await fixture.client.lPush('llm', [twice.message, taken.message]);
    await fixture.take(taken);
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect([outcome, result.findings, result.repeatedMessages]).toEqual(['clean', [], 2]);
  });

  test('an ACTIVE task that is dated in the future', async () => {
    await fixture.client.lPush('celery', messageOf('waits').message);
    const updated_at = isoformat(microsOf(new Date(Date.now() + 120_000)));
    await fixture.write('runs', { updated_at, started_at: updated_at });
    const { outcome, result } = await fixStuckTasks(fixture.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['future-active runs reported']]);
  });
});
