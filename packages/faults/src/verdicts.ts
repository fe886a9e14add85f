import { expect } from '@jest/globals';
import { type Bench, backupFor, repairArguments } from './bench.js';
import { faultsOf } from './content.js';
import { digestOfKeys, fingerprintOf } from './fingerprint.js';
import { runToItsEnd } from './reports.js';
import type { Slot } from './slot.js';

/** The data may be half repaired, but it is no less true than before. */
export async function expectNoHalfRepair(slot: Slot, bench: Bench): Promise<void> {
  const { toolCase, before, after, preparedAt } = bench;
  const now = await fingerprintOf(slot, toolCase);
  if (now === before.fingerprint || now === after.fingerprint) return;
  if (toolCase.halfway === 'keys') {
    const digests = await digestOfKeys(slot.client);
    const names = new Set([...before.digests.keys(), ...digests.keys()]);
    const odd = [...names].filter((key) => {
      if (key.startsWith('atf:restore-journal:')) return false; // it exists halfway only
      const digest = digests.get(key);
      return digest !== before.digests.get(key) && digest !== after.digests.get(key);
    });
    expect(odd).toEqual([]);
    return;
  }
  const faults = await faultsOf(slot.client, preparedAt);
  // What is put back was faulty when it was saved.
  const known = (fault: string) => before.faults.has(fault) || (toolCase.restores && after.faults.has(fault));
  expect([...faults].filter((fault) => !known(fault))).toEqual([]);
}

/**
 * A run on what a disturbed one has left succeeds, and then all is as it is after an undisturbed one. Where nothing was done
 * the second run is an undisturbed one, and is not made again.
 */
export async function expectSecondRunCompletes(slot: Slot, bench: Bench): Promise<void> {
  const { toolCase, before, after } = bench;
  if ((await fingerprintOf(slot, toolCase)) === before.fingerprint) return;
  await runToItsEnd(slot, toolCase.tool, repairArguments(bench, backupFor(bench, slot)));
  expect(await fingerprintOf(slot, toolCase)).toBe(after.fingerprint);
}

/** What is missing is in the backup of the run that took it away: with that put back, all is as before. */
export async function expectBackupHoldsTheRest(slot: Slot, bench: Bench, file: string): Promise<void> {
  const { toolCase, before } = bench;
  if ((await fingerprintOf(slot, toolCase)) === before.fingerprint) return;
  await runToItsEnd(slot, 'restore-backup', [file]);
  expect(await fingerprintOf(slot, toolCase)).toBe(before.fingerprint);
}
