import { afterEach, describe, expect, test } from '@jest/globals';
import {
  connectClient,
  type RedisProxy,
  type SandboxClient,
  startProxy,
  type Treatment,
} from '../src/index.js';
import { until, useEmptyRedis } from '../src/jest/index.js';

const fixture = useEmptyRedis();
let proxy: RedisProxy;
let client: SandboxClient;

afterEach(async () => {
  client.destroy();
  await proxy.stop();
});

/** A client behind a proxy that does this with each INCR. */
async function behind(treatment: Treatment): Promise<void> {
  proxy = await startProxy(fixture.redis.url, {
    treat: (_, words) => (words[0] === 'INCR' ? treatment : 'pass'),
  });
  client = await connectClient(proxy.url);
}

/** Makes the calls, of which the first one is the treated one, and sees that none ends while Redis answers others. */
async function expectSilence(calls: readonly (() => Promise<unknown>)[]): Promise<void> {
  const before = proxy.commands;
  let ended = 0;
  for (const call of calls) {
    call().then(
      () => ended++,
      () => ended++,
    );
    await until(() => proxy.commands > before);
  }
  for (let i = 0; i < 20; i++) await fixture.client.ping();
  expect(ended).toBe(0);
}

test('commands and answers pass, in order, and are counted with their names', async () => {
  await behind('pass');
  const before = proxy.commands;
  const replies = await Promise.all([client.incr('n'), client.incr('n'), client.get('n'), client.ping()]);
  expect(replies).toEqual([1, 2, '2', 'PONG']);
  expect(proxy.names.slice(before)).toEqual(['INCR', 'INCR', 'GET', 'PING']);
  const large = 'x'.repeat(3_000_000);
  await client.set('large', large);
  expect(await client.get('large')).toBe(large);
});

describe('a command that is', () => {
  test.each([
    ['cut', null],
    ['cut-reply', '1'],
    ['halve-reply', '1'],
  ] as const)('treated by %s fails at once; Redis then has %s', async (treatment, expected) => {
    await behind(treatment);
    await expect(client.incr('n')).rejects.toThrow();
    expect(await fixture.client.get('n')).toBe(expected);
  });

  test.each([
    ['stall', null],
    ['stall-reply', '1'],
  ] as const)(
    'treated by %s never ends, nor does a later one; Redis then has %s',
    async (treatment, expected) => {
      await behind(treatment);
      await expectSilence([() => client.incr('n'), () => client.ping()]);
      expect(await fixture.client.get('n')).toBe(expected);
    },
  );

  test('treated by stall-all silences every connection, also one that comes later', async () => {
    await behind('stall-all');
    const other = await connectClient(proxy.url);
    expect(await other.ping()).toBe('PONG');
    const late = async () => (await connectClient(proxy.url)).ping();
    await expectSilence([() => client.incr('n'), () => other.ping(), late]);
    expect(await fixture.client.get('n')).toBeNull();
    other.destroy();
  });

  test('delayed arrives late', async () => {
    await behind({ delayMs: 80 });
    const before = performance.now();
    expect(await client.incr('n')).toBe(1);
    expect(performance.now() - before).toBeGreaterThan(75);
  });

  test('answered by an error is not seen by Redis, and its answer keeps its turn', async () => {
    await behind({ error: 'LOADING not yet' });
    const replies = await Promise.allSettled([client.ping(), client.incr('n'), client.ping()]);
    expect(replies.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(String((replies[1] as PromiseRejectedResult).reason)).toContain('LOADING not yet');
    expect(await fixture.client.get('n')).toBeNull();
  });

  test('watched is done when the watcher runs, and not yet answered', async () => {
    let seen: string | null = '';
    await behind({
      async beforeReply() {
        seen = await fixture.client.get('n');
      },
    });
    expect(await client.incr('n')).toBe(1);
    expect(seen).toBe('1');
  });
});
