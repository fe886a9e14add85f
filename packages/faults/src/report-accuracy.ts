import type { Report } from '@atf/core';
import type { BinRun } from '@atf/sandbox';
import { expect } from '@jest/globals';
import { countDeletable } from './content.js';
import { fingerprintOf } from './fingerprint.js';
import type { Fixture } from './fixture.js';
import type { RedisInstance } from './redis-instance.js';
import { type Code, reportOf } from './reports.js';
import { expectNoHalfRepair } from './verdicts.js';

/** How a disturbed run may end, if not well. */
export interface Endings {
  exits: readonly number[];
  codes: readonly Code[];
}

/**
 * What a disturbed run with --json says is so: a success is one, a failure is of an expected kind with a cause and a hint, where
 * nothing was changed nothing was, and where it tells a number of deletions it is that many.
 */
export async function expectAccurateReport(
  instance: RedisInstance,
  fixture: Fixture,
  run: BinRun,
  { exits, codes }: Endings,
): Promise<void> {
  const { toolCase, before, after } = fixture;
  await instance.settle();
  await instance.dropLock();
  expect(run.stderr).toBe('');
  const { error, result, outcome } = await reportOf(toolCase.tool, run);
  const now = await fingerprintOf(instance, toolCase);
  if (run.code === 0) {
    expect([error, now]).toEqual([null, after.fingerprint]);
    return;
  }
  const isExpected = exits.includes(run.code!) && error !== null && codes.includes(error.code);
  expect({ isExpected, exit: run.code, error }).toMatchObject({ isExpected: true });
  if (outcome === 'failed')
    expect([error?.why, error?.hint]).toEqual([expect.any(String), expect.any(String)]);
  if (error?.done === null && result === null) expect(now).toBe(before.fingerprint);
  await expectNoHalfRepair(instance, fixture);
  if (toolCase.deletes) await expectCount(instance, fixture, reportedDeletions({ error, result }));
}

/** How many deletions the error reports, or the result of a run that was stopped. */
function reportedDeletions({ error, result }: Pick<Report<Record<string, unknown>>, 'error' | 'result'>) {
  if (error?.done) {
    const { counts, unconfirmed } = error.done;
    return { least: Object.values(counts).reduce((sum, count) => sum + count, 0), more: unconfirmed };
  }
  const { deleted = 0 } = (result?.deletion ?? result ?? {}) as { deleted?: number };
  return { least: deleted, more: 0 };
}

async function expectCount(
  { client }: RedisInstance,
  { toolCase, before }: Fixture,
  { least, more }: { least: number; more: number },
): Promise<void> {
  const deleted = before.deletable - (await countDeletable(client, toolCase));
  expect(deleted).toBeGreaterThanOrEqual(least);
  expect(deleted).toBeLessThanOrEqual(least + more);
}
