import type { Bench } from './bench.js';
import { startDisturbed } from './disturb.js';
import { randomFor } from './effort.js';
import { expectHonest } from './honesty.js';
import { Slot } from './slot.js';
import { nameOf } from './tools.js';

/** A run that gets no answer any more, from one of its commands on. It takes its time, and needs no hands. */
export interface Stalled {
  what: string;
  /** How many seconds it took to end from then on. */
  seconds: Promise<number>;
  /** Judges what became of it, and clears up. */
  judge(): Promise<void>;
}

/** Starts a tool and stalls it, with `--max-runtime 2s` or without. Redis has done the command, or never got it. */
export async function startStalled(bench: Bench, isBounded: boolean): Promise<Stalled> {
  const random = randomFor(`stall ${isBounded} ${nameOf(bench.toolCase)}`);
  const command = 1 + random.int(bench.commands.length);
  const treatment = random.int(2) === 0 ? 'stall' : 'stall-reply';
  const slot = await Slot.start();
  await slot.load(bench.prepared.rdb);
  const bound = isBounded ? ['--max-runtime', '2s'] : [];
  let stalledAt = performance.now();
  const { ended } = await startDisturbed(slot, bench, {
    command,
    treatment,
    before() {
      stalledAt = performance.now();
    },
    args: ['--json', ...bound],
  });
  return {
    what: `${nameOf(bench.toolCase)} ${bound.join(' ')}, ${treatment} at ${command}`,
    seconds: ended.then(() => (performance.now() - stalledAt) / 1_000),
    async judge() {
      await expectHonest(slot, bench, await ended, {
        exits: isBounded ? [1] : [4],
        codes: isBounded ? ['STOPPED'] : ['TIMEOUT'],
      });
      await slot.stop();
    },
  };
}
