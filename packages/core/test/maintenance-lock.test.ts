import {
  closeTarget,
  connectTarget,
  type Deps,
  depsOf,
  type MaintenanceLock,
  type ProgressUpdate,
  type Redis,
  StoppedError,
  targetOf,
  withMaintenanceLock,
} from '@atf/core';
import { holdLock, isLockHeld, LOCK_HOLDER, MAINTENANCE_LOCK, startProxy } from '@atf/sandbox';
import { until, useEmptyRedis } from '@atf/sandbox/jest';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { takeMaintenanceLock } from '../src/redis/maintenance-lock.js';

const fixture = useEmptyRedis();

/** Only the renewal's interval is faked: what talks to the server needs the others. */
const REAL_TIMERS = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

/** A tool that needs no permissions but those of the lock. */
const user = (tool: string) => ({ tool, rules: [] });

const target = () => targetOf(fixture.client as unknown as Redis);
/** The server's clock, in ms. */
const serverMs = async () => {
  const [seconds, micros] = await fixture.client.sendCommand<string[]>(['TIME']);
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
};
const deps = (some: Partial<Deps> = {}): Deps => ({ ...depsOf(target()), ...some });

describe('the maintenance lock', () => {
  test('is held by one at a time; the other is told by whom and since when', async () => {
    const since = new Date('2026-11-22T15:10:00Z');
    const lock = await takeMaintenanceLock(deps({ now: () => since }), user('first-tool'));
    await expect(takeMaintenanceLock(deps(), user('second-tool'))).rejects.toMatchObject({
      code: 'LOCKED',
      why: expect.stringMatching(/held by first-tool on .+ since 2026-11-22T15:10:00.000Z$/),
      hint: expect.stringContaining('expires within 30 s'),
    });
    await lock.release();
    expect(await fixture.client.exists(MAINTENANCE_LOCK)).toBe(0);
  });

  test('expires within 30 s if its holder was killed', async () => {
    const before = await serverMs();
    await takeMaintenanceLock(deps(), user('killed'));
    const after = await serverMs();
    const goesAt = await fixture.client.pExpireTime(MAINTENANCE_LOCK);
    expect(goesAt).toBeGreaterThanOrEqual(before + 30_000);
    expect(goesAt).toBeLessThanOrEqual(after + 30_000);
  });

  test('names tool, host, time and a token, and nothing secret', async () => {
    await takeMaintenanceLock(deps(), user('first-tool'));
    const value = JSON.parse((await fixture.client.get(MAINTENANCE_LOCK))!);
    expect(Object.keys(value).sort()).toEqual(['host', 'since', 'token', 'tool']);
  });

  test('of another one is not given back by who has lost it', async () => {
    const lock = await takeMaintenanceLock(deps(), user('slow'));
    await holdLock(fixture.client);
    await lock.release();
    expect(await isLockHeld(fixture.client)).toBe(true);
  });

  test('is not waited for where the server does not answer any more: it ends by itself', async () => {
    let stalls = false;
    const proxy = await startProxy(fixture.redis.url, { treat: () => (stalls ? 'stall' : 'pass') });
    const behind = await connectTarget(proxy.url, { name: 'test' });
    const lock = await takeMaintenanceLock(deps({ target: behind }), user('stalled'));
    stalls = true;
    await lock.release();
    // Whoever waited for the answer would wait until the silence has closed the connection.
    expect(behind.client.isReady).toBe(true);
    closeTarget(behind);
    await proxy.stop();
  });

  test('is given back whatever the work ends with', async () => {
    const work = withMaintenanceLock(deps(), user('failing'), () => Promise.reject(new Error('no')));
    await expect(work).rejects.toThrow('no');
    expect(await fixture.client.exists(MAINTENANCE_LOCK)).toBe(0);
  });

  test('can be taken on a server that is full: cleaning up must go on there', async () => {
    await fixture.client.configSet('maxmemory', '1');
    try {
      await (await takeMaintenanceLock(deps(), user('cleaner'))).release();
    } finally {
      await fixture.client.configSet('maxmemory', '0');
    }
  });

  test('that is no lock, or holds control characters, is told in plain text', async () => {
    await fixture.client.rPush(MAINTENANCE_LOCK, 'x');
    const refused = {
      code: 'LOCKED',
      why: expect.stringMatching(/a key that is no lock$/),
      hint: expect.stringContaining(`DEL ${MAINTENANCE_LOCK}`),
    };
    await expect(takeMaintenanceLock(deps(), user('tool'))).rejects.toMatchObject(refused);
    await fixture.client.set(MAINTENANCE_LOCK, '\u001b[2J\u0000text');
    const failure = await takeMaintenanceLock(deps(), user('tool')).catch((error) => error);
    expect(JSON.stringify(failure.why)).not.toMatch(/\\u001b|\\u0000/);
    expect(failure.hint).toContain(`DEL ${MAINTENANCE_LOCK}`);
  });

  describe('while time passes', () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: [...REAL_TIMERS] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    test('is renewed, and its loss is noticed; nobody takes it back', async () => {
      const other = await fixture.redis.client();
      await other.select(1);
      const renewed = await takeMaintenanceLock(deps(), user('long'));
      const lost = await takeMaintenanceLock(
        deps({ target: targetOf(other as unknown as Redis) }),
        user('stalled'),
      );
      await fixture.client.pExpire(MAINTENANCE_LOCK, 15_000);
      await holdLock(other);
      jest.advanceTimersByTime(10_000);
      await until(async () => (await fixture.client.pTTL(MAINTENANCE_LOCK)) > 15_000);
      expect(() => renewed.throwIfLost()).not.toThrow();
      await until(() => isLost(lost));
      expect(() => lost.throwIfLost()).toThrow('another tool is at work');
      expect(await isLockHeld(other)).toBe(true);
      await renewed.release();
    });

    test('is not given back where a renewal has no answer: that would put off the end of the silence', async () => {
      let stalls = false;
      const proxy = await startProxy(fixture.redis.url, { treat: () => (stalls ? 'stall' : 'pass') });
      const behind = await connectTarget(proxy.url, { name: 'test' });
      const lock = await takeMaintenanceLock(deps({ target: behind }), user('unanswered'));
      stalls = true;
      const sent = jest.spyOn(behind.client, 'sendCommand');
      jest.advanceTimersByTime(20_000);
      expect(sent).toHaveBeenCalledTimes(1);
      await lock.release();
      expect(sent).toHaveBeenCalledTimes(1);
      closeTarget(behind);
      await proxy.stop();
    });
  });
});

const isLost = (lock: MaintenanceLock): boolean => {
  try {
    lock.throwIfLost();
    return false;
  } catch {
    return true;
  }
};

describe('waiting for the lock', () => {
  test('takes it once it is free, and says meanwhile what is waited for', async () => {
    await holdLock(fixture.client);
    const updates: ProgressUpdate[] = [];
    const progress = (update: ProgressUpdate) => {
      updates.push(update);
      void fixture.client.del(MAINTENANCE_LOCK);
    };
    const lock = await takeMaintenanceLock(deps({ lockWaitMs: 20_000, progress }), user('patient'));
    expect(await fixture.client.get(MAINTENANCE_LOCK)).toBe(lock.value);
    expect(updates[0]).toEqual({
      step: 'wait-for-lock',
      what: `Waiting for ${LOCK_HOLDER}`,
      done: expect.any(Number),
      total: 20,
      unit: 's',
    });
    await lock.release();
  });

  test('has an end, then it is refused', async () => {
    await holdLock(fixture.client);
    const progress = jest.fn();
    await expect(
      takeMaintenanceLock(deps({ lockWaitMs: 700, progress }), user('patient')),
    ).rejects.toMatchObject({
      code: 'LOCKED',
      why: expect.stringContaining(`${LOCK_HOLDER}, after 0.7 s of --wait`),
      hint: expect.stringContaining('or let it wait longer'),
    });
    expect(progress).toHaveBeenCalled();
  });

  test('ends at once when the run is stopped', async () => {
    await holdLock(fixture.client);
    const stop = new AbortController();
    const progress = () => stop.abort(new StoppedError('SIGTERM'));
    const waiting = takeMaintenanceLock(
      deps({ lockWaitMs: 3_600_000, signal: stop.signal, progress }),
      user('patient'),
    );
    await expect(waiting).rejects.toMatchObject({
      code: 'STOPPED',
      reason: 'SIGTERM',
      why: `it was waiting for the lock ${MAINTENANCE_LOCK}, which is held by ${LOCK_HOLDER}`,
    });
  });
});
