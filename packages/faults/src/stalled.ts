import { MAINTENANCE_LOCK_KEY } from '@atf/core';
import { expect } from '@jest/globals';
import type { Bench } from './bench.js';
import { startDisturbed } from './disturb.js';
import { randomFor } from './effort.js';
import { expectHonest } from './honesty.js';
import { Slot } from './slot.js';
import { nameOf } from './tools.js';

/** A run that gets no answer any more, from one of its commands on. It takes its time, and needs no hands. */
export interface Stalled {
  what: string;
  /** Waits until it has ended, and judges what became of it. */
  judge(): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts a tool and stalls it, with `--max-runtime 2s` or without. Redis has done the command, or never got it. */
export async function startStalled(bench: Bench, isBounded: boolean): Promise<Stalled> {
  const random = randomFor(`stall ${isBounded} ${nameOf(bench.toolCase)}`);
  const command = 1 + random.int(bench.commands.length);
  const treatment = random.int(2) === 0 ? 'stall' : 'stall-reply';
  const slot = await Slot.start();
  await slot.load(bench.prepared.rdb);
  const bound = isBounded ? ['--max-runtime', '2s'] : [];
  const { ended } = await startDisturbed(slot, bench, { command, treatment, args: ['--json', ...bound] });
  return {
    what: `${nameOf(bench.toolCase)} ${bound.join(' ')}, ${treatment} at ${command}`,
    async judge() {
      // A bounded run that waited for the end of the silence would end with TIMEOUT.
      await expectHonest(slot, bench, await ended, {
        exits: isBounded ? [1] : [4],
        codes: isBounded ? ['STOPPED'] : ['TIMEOUT'],
      });
    },
    dispose: () => slot.stop(),
  };
}

/** Starts a tool whose server falls silent on all its connections, right after the tool has taken the maintenance lock. */
export async function startSilenced(bench: Bench): Promise<Stalled> {
  const slot = await Slot.start();
  await slot.load(bench.prepared.rdb);
  let connections = 0;
  const { ended } = await startDisturbed(slot, bench, {
    command: async () => (await slot.client.exists(MAINTENANCE_LOCK_KEY)) === 1,
    treatment: 'stall-all',
    async before() {
      connections = String(await slot.client.sendCommand(['CLIENT', 'LIST', 'TYPE', 'normal'])).match(
        /name=atf:/g,
      )!.length;
    },
    args: ['--json'],
  });
  return {
    what: `${nameOf(bench.toolCase)}, silence behind its lock`,
    async judge() {
      expect(connections).toBe(2);
      await expectHonest(slot, bench, await ended, { exits: [4], codes: ['TIMEOUT'] });
    },
    dispose: () => slot.stop(),
  };
}
