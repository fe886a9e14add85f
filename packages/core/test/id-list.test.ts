import { PRIMARY_QUEUE } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { depsOf } from '../src/deps.js';
import { readIdList, updateIdList } from '../src/queues/id-list.js';
import type { Redis } from '../src/redis/client.js';
import { targetOf } from '../src/redis/target.js';

const fixture = useEmptyRedis();
const WANTED = { key: PRIMARY_QUEUE, expected: ['absent'] } as const;
const client = () => fixture.client as unknown as Redis;
const deps = () => depsOf(targetOf(client()));
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `id-${from + i}`);

/** The client, which removes an entry before its n-th reading of a page. */
function removing(id: string, before: number): Redis {
  let calls = 0;
  const real = client();
  return new Proxy(real, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (name !== 'sendCommand') return typeof value === 'function' ? value.bind(target) : value;
      return async (...args: Parameters<typeof real.sendCommand>) => {
        if (args[0][0] === 'EVALSHA_RO' && ++calls === before)
          await fixture.client.lRem(PRIMARY_QUEUE, 1, id);
        return await real.sendCommand(...args);
      };
    },
  });
}

describe('reading a list of 3,500', () => {
  test('meets every entry once', async () => {
    await fixture.client.rPush(PRIMARY_QUEUE, ids(0, 3_500));
    const list = await readIdList(deps(), client(), WANTED);
    expect(ids(0, 3_500).every((id) => list.ids.codeOf(Buffer.from(id)) === 1)).toBe(true);
    expect(list.doubtful.kept).toEqual([]);
    expect(list.anchor).toEqual({ id: Buffer.from('id-200'), fromTail: 3_299 });
  });

  test('misses none where entries go from its middle meanwhile', async () => {
    await fixture.client.rPush(PRIMARY_QUEUE, ids(0, 3_500));
    await readIdList(deps(), client(), WANTED);
    const list = await readIdList(deps(), removing('id-3499', 3), WANTED);
    expect(ids(0, 3_499).filter((id) => list.ids.codeOf(Buffer.from(id)) === 0)).toEqual([]);
    expect(list.doubtful.kept).toEqual([]);
  });

  test('takes no harm from what is popped and pushed at the head', async () => {
    await fixture.client.rPush(PRIMARY_QUEUE, ids(0, 3_500));
    await fixture.client.lPush(PRIMARY_QUEUE, 'new');
    const list = await readIdList(deps(), removing('new', 2), WANTED);
    expect(ids(0, 3_500).filter((id) => list.ids.codeOf(Buffer.from(id)) === 0)).toEqual([]);
  });
});

describe('updating it', () => {
  test.each([10, 1_000, 7_000])('meets %i that have come since', async (more) => {
    await fixture.client.rPush(PRIMARY_QUEUE, ids(0, 1_500));
    const list = await readIdList(deps(), client(), WANTED);
    await fixture.client.lPush(PRIMARY_QUEUE, ids(2_000, 2_000 + more));
    const later = await updateIdList(deps(), client(), list);
    expect(ids(2_000, 2_000 + more).filter((id) => later.ids.codeOf(Buffer.from(id)) === 0)).toEqual([]);
    const length = 1_500 + more;
    const { id, fromTail } = later.anchor!;
    expect(await fixture.client.lIndex(PRIMARY_QUEUE, -1 - fromTail)).toBe(id.toString());
    expect(length - fromTail).toBeLessThanOrEqual(1_211);
  });

  test('reads all again where more was popped than the anchor lies below the head', async () => {
    await fixture.client.rPush(PRIMARY_QUEUE, ids(0, 1_500));
    const list = await readIdList(deps(), client(), WANTED);
    await fixture.client.lPopCount(PRIMARY_QUEUE, 1_000);
    const later = await updateIdList(deps(), client(), list);
    expect(later.anchor).toEqual({ id: Buffer.from('id-1200'), fromTail: 299 });
  });

  test('of a list that is gone or was never there', async () => {
    const empty = await readIdList(deps(), client(), WANTED);
    expect((await updateIdList(deps(), client(), empty)).anchor).toBeUndefined();
    await fixture.client.rPush(PRIMARY_QUEUE, ids(0, 1_500));
    const list = await readIdList(deps(), client(), WANTED);
    await fixture.client.del(PRIMARY_QUEUE);
    expect((await updateIdList(deps(), client(), list)).anchor).toBeUndefined();
  });
});
