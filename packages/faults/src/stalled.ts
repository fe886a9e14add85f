import { MAINTENANCE_LOCK_KEY } from '@atf/core';
import { expect } from '@jest/globals';
import { startDisturbed } from './disturb.js';
import type { Fixture } from './fixture.js';
import { RedisInstance } from './redis-instance.js';
import { expectAccurateReport } from './report-accuracy.js';
import { randomFor } from './test-size.js';
import { nameOf } from './tools.js';

/** A run that gets no answer any more, from one of its commands on. It takes its time, and needs no hands. */
export interface Stalled {
  what: string;
  /** Waits until it has ended, and judges what became of it. */
  judge(): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts a tool and stalls it, with `--max-runtime 2s` or without. Redis has done the command, or never got it. */
export async function startStalled(fixture: Fixture, isBounded: boolean): Promise<Stalled> {
  const random = randomFor(`stall ${isBounded} ${nameOf(fixture.toolCase)}`);
  const command = 1 + random.int(fixture.commands.length);
  const treatment = random.int(2) === 0 ? 'stall' : 'stall-reply';
  const instance = await RedisInstance.start();
  await instance.load(fixture.prepared.rdb);
  const bound = isBounded ? ['--max-runtime', '2s'] : [];
  const { ended } = await startDisturbed(instance, fixture, {
    command,
    treatment,
    args: ['--json', ...bound],
  });
  return {
    what: `${nameOf(fixture.toolCase)} ${bound.join(' ')}, ${treatment} at ${command}`,
    async judge() {
      // A bounded run that waited for the end of the silence would end with TIMEOUT.
      await expectAccurateReport(instance, fixture, await ended, {
        exits: isBounded ? [1] : [4],
        codes: isBounded ? ['STOPPED'] : ['TIMEOUT'],
      });
    },
    dispose: () => instance.stop(),
  };
}

/** Starts a tool whose server falls silent on all its connections, right after the tool has taken the maintenance lock. */
export async function startSilenced(fixture: Fixture): Promise<Stalled> {
  const instance = await RedisInstance.start();
  await instance.load(fixture.prepared.rdb);
  let connections = 0;
  const { ended } = await startDisturbed(instance, fixture, {
    command: async () => (await instance.client.exists(MAINTENANCE_LOCK_KEY)) === 1,
    treatment: 'stall-all',
    async before() {
      connections = String(await instance.client.sendCommand(['CLIENT', 'LIST', 'TYPE', 'normal'])).match(
        /name=atf:/g,
      )!.length;
    },
    args: ['--json'],
  });
  return {
    what: `${nameOf(fixture.toolCase)}, silence behind its lock`,
    async judge() {
      expect(connections).toBe(2);
      await expectAccurateReport(instance, fixture, await ended, { exits: [4], codes: ['TIMEOUT'] });
    },
    dispose: () => instance.stop(),
  };
}
