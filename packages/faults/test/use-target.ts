import { closeTarget, connectTarget, type Deps, depsOf, type Redis, type Target } from '@atf/core';
import { afterAll, beforeAll } from '@jest/globals';
import { RedisInstance } from '../src/redis-instance.js';

/** A instance, and a connection to it as a tool makes one. */
export interface SlotTarget {
  instance: RedisInstance;
  client: Redis;
  /** What a tool's function needs to work on it. */
  deps: Deps;
}

/** Starts an instance for a file's tests, and connects to it; what it gives is filled in when they run. */
export function useTarget(): SlotTarget {
  const given = {} as SlotTarget;
  let target: Target;
  beforeAll(async () => {
    given.instance = await RedisInstance.start();
    target = await connectTarget(given.instance.redis.url, { name: 'hostile' });
    given.client = target.client;
    given.deps = depsOf(target);
  });
  afterAll(async () => {
    closeTarget(target);
    await given.instance.stop();
  });
  return given;
}
