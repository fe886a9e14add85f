import { type BrokerMessage, isoformat, microsOf, PRIMARY_QUEUE, unackedTriple } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { FixStuckTasksResult } from '../src/schema.js';
import { BINDING, messageOf, useBrokerBench } from './broker-bench.js';
import { FIX, LOOK } from './support.js';

const bench = useBrokerBench();

describe('reported, and never repaired, is', () => {
  beforeEach(() => bench.client.sAdd('_kombu.binding.celery', BINDING));
  const kindsOf = ({ findings }: FixStuckTasksResult) =>
    findings.map(({ kind, id, outcome }) => `${kind} ${id} ${outcome}`);

  test('a message that no index lists; one that is listed is a note, once it is old', async () => {
    const [lost, old, fresh] = ['waits', 'runs', 'other'].map(messageOf) as [
      BrokerMessage,
      BrokerMessage,
      BrokerMessage,
    ];
    for (const message of [lost, old, fresh]) {
      await bench.client.hSet('unacked', message.deliveryTag, unackedTriple(message));
    }
    const seconds = Date.now() / 1000;
    await bench.client.zAdd('unacked_index', [
      { value: old.deliveryTag, score: seconds - 1_800 },
      { value: fresh.deliveryTag, score: seconds - 60 },
    ]);
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['unindexed-message waits reported']]);
    expect(result.oldUnacknowledged).toMatchObject({ messages: 1, oldestSeconds: expect.any(Number) });
    const { oldestSeconds, redeliveryInSeconds } = result.oldUnacknowledged!;
    expect(oldestSeconds + redeliveryInSeconds).toBe(3_600);
    expect((await fixStuckTasks(bench.deps(), LOOK)).outcome).toBe('found');
  });

  test('an id that is queued and in a message', async () => {
    await bench.client.lPush('celery', messageOf('runs').message);
    await bench.client.rPush(PRIMARY_QUEUE, ['waits', 'other']);
    await bench.client.lPush('celery', messageOf('waits').message);
    await bench.client.set('worker:heartbeat:worker-h-1-0123abcd', '1');
    const { outcome, result } = await fixStuckTasks(bench.deps(), { ...FIX, only: ['queued-and-sent'] });
    expect([outcome, kindsOf(result)]).toEqual(['found', ['queued-and-sent waits reported']]);
    expect(await bench.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(['waits', 'other']);
  });

  test('no id that goes from its queue into a message while both are read', async () => {
    await bench.client.lPush('celery', [messageOf('runs').message, messageOf('waits').message]);
    await bench.client.rPush(PRIMARY_QUEUE, 'waits');
    const deps = bench.when('scan', () => bench.client.lRem(PRIMARY_QUEUE, 0, 'waits'));
    expect(kindsOf((await fixStuckTasks(deps, FIX)).result)).toEqual([]);
  });

  test('an id that waits while nobody consumes', async () => {
    await bench.client.lPush('celery', messageOf('runs').message);
    await bench.client.rPush(PRIMARY_QUEUE, 'waits');
    await bench.client.set('worker:heartbeat:celery-h-9', '1');
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['not-consumed waits reported']]);
    expect(result.alive).toEqual({ workers: 1, consumers: 0 });
    await bench.client.set('worker:heartbeat:worker-h-1-0123abcd', '1');
    expect(await fixStuckTasks(bench.deps(), FIX)).toMatchObject({
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
    await bench.client.lPush('celery', [once.message, twice.message]);
    await bench.client.lPush('llm', [twice.message, taken.message]);
    await bench.take(taken);
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect([outcome, result.findings, result.repeatedMessages]).toEqual(['clean', [], 2]);
  });

  test('an ACTIVE task that is dated in the future', async () => {
    await bench.client.lPush('celery', messageOf('waits').message);
    const updated_at = isoformat(microsOf(new Date(Date.now() + 120_000)));
    await bench.write('runs', { updated_at, started_at: updated_at });
    const { outcome, result } = await fixStuckTasks(bench.deps(), FIX);
    expect([outcome, kindsOf(result)]).toEqual(['found', ['future-active runs reported']]);
  });
});
