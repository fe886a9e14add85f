import { closeTarget, connectTarget, type Deps, depsOf, type Redis, type Target } from '@atf/core';
import { afterAll, beforeAll } from '@jest/globals';
import { Slot } from '../src/slot.js';

/** A slot, and a connection to it as a tool makes one. */
export interface SlotTarget {
  slot: Slot;
  client: Redis;
  /** What a tool's function needs to work on it. */
  deps: Deps;
}

/** Starts a slot for a file's tests, and connects to it; what it gives is filled in when they run. */
export function useTarget(): SlotTarget {
  const given = {} as SlotTarget;
  let target: Target;
  beforeAll(async () => {
    given.slot = await Slot.start();
    target = await connectTarget(given.slot.redis.url, { name: 'hostile' });
    given.client = target.client;
    given.deps = depsOf(target);
  });
  afterAll(async () => {
    closeTarget(target);
    await given.slot.stop();
  });
  return given;
}
