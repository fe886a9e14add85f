import { expect } from '@jest/globals';
import { faultsOf } from './content.js';
import { digestOfKeys, fingerprintOf } from './fingerprint.js';
import { backupFor, type Fixture, repairArguments } from './fixture.js';
import type { RedisInstance } from './redis-instance.js';
import { runToItsEnd } from './reports.js';

/** The data may be half repaired, but it is no less true than before. */
export async function expectNoHalfRepair(instance: RedisInstance, fixture: Fixture): Promise<void> {
  const { toolCase, before, after, preparedAt } = fixture;
  const now = await fingerprintOf(instance, toolCase);
  if (now === before.fingerprint || now === after.fingerprint) return;
  if (toolCase.halfway === 'keys') {
    const digests = await digestOfKeys(instance.client);
    const names = new Set([...before.digests.keys(), ...digests.keys()]);
    const odd = [...names].filter((key) => {
      if (key.startsWith('atf:restore-journal:')) return false; // it exists halfway only
      const digest = digests.get(key);
      return digest !== before.digests.get(key) && digest !== after.digests.get(key);
    });
    expect(odd).toEqual([]);
    return;
  }
  const faults = await faultsOf(instance.client, preparedAt);
  // What is put back was faulty when it was saved.
  const known = (fault: string) => before.faults.has(fault) || (toolCase.restores && after.faults.has(fault));
  expect([...faults].filter((fault) => !known(fault))).toEqual([]);
}

/**
 * A run on what a disturbed one has left succeeds, and then all is as it is after an undisturbed one. Where nothing was done
 * the second run is an undisturbed one, and is not made again.
 */
export async function expectSecondRunCompletes(instance: RedisInstance, fixture: Fixture): Promise<void> {
  const { toolCase, before, after } = fixture;
  if ((await fingerprintOf(instance, toolCase)) === before.fingerprint) return;
  await runToItsEnd(instance, toolCase.tool, repairArguments(fixture, backupFor(fixture, instance)));
  expect(await fingerprintOf(instance, toolCase)).toBe(after.fingerprint);
}

/** What is missing is in the backup of the run that took it away: with that put back, all is as before. */
export async function expectBackupHoldsTheRest(
  instance: RedisInstance,
  fixture: Fixture,
  file: string,
): Promise<void> {
  const { toolCase, before } = fixture;
  if ((await fingerprintOf(instance, toolCase)) === before.fingerprint) return;
  await runToItsEnd(instance, 'restore-backup', [file]);
  expect(await fingerprintOf(instance, toolCase)).toBe(before.fingerprint);
}
