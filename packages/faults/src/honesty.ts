import type { BinRun } from '@atf/sandbox';
import { expect } from '@jest/globals';
import type { Bench } from './bench.js';
import { countDeletable } from './content.js';
import { fingerprint } from './fingerprint.js';
import { type Code, reportOf } from './reports.js';
import type { Slot } from './slot.js';
import { expectNoHalfRepair } from './verdicts.js';

/** What may stand on stderr beside a document on stdout. */
const PROGRESS = /^([A-Z][a-z ]+: [\d,]+( of [\d,]+)? …\n)*$/;

/** How a disturbed run may end, if not well. */
export interface Endings {
  exits: readonly number[];
  codes: readonly Code[];
}

/**
 * What a disturbed run with --json says is so: a success is one, a failure is of an expected kind with a cause and a hint, where
 * nothing was changed nothing was, and where it tells a number of deletions it is that many.
 */
export async function expectHonest(
  slot: Slot,
  bench: Bench,
  run: BinRun,
  { exits, codes }: Endings,
): Promise<void> {
  const { toolCase, before, after } = bench;
  await slot.settle();
  await slot.dropLock();
  expect(run.stderr).toMatch(PROGRESS);
  const { error, result, outcome } = await reportOf(toolCase.tool, run);
  const now = await fingerprint(slot.client, toolCase);
  if (run.code === 0) {
    expect([error, now]).toEqual([null, after.fingerprint]);
    return;
  }
  const isExpected = exits.includes(run.code!) && error !== null && codes.includes(error.code);
  expect({ isExpected, exit: run.code, error }).toMatchObject({ isExpected: true });
  if (outcome === 'failed')
    expect([error?.why, error?.hint]).toEqual([expect.any(String), expect.any(String)]);
  if (error?.done === null && result === null) expect(now).toBe(before.fingerprint);
  await expectNoHalfRepair(slot, bench);
  if (toolCase.deletes) await expectCount(slot, bench, error?.done ?? deletedBy(result));
}

/** A stopped run has a result that tells the number. */
function deletedBy(result: Record<string, unknown> | null): string {
  const { deleted } = (result?.deletion ?? result ?? {}) as { deleted?: number };
  return deleted === undefined ? '' : `${deleted} were deleted`;
}

const DELETIONS = /(\d+) (?:[a-z-]+ )*were deleted(?: before that)?(?:, and (?:perhaps )?up to (\d+) more)?/;

async function expectCount({ client }: Slot, { toolCase, before }: Bench, done: string): Promise<void> {
  const deleted = before.deletable - (await countDeletable(client, toolCase));
  const [told, least = '0', more = '0'] = DELETIONS.exec(done) ?? [];
  // Else a new wording would switch this off.
  if (done !== '' && !told) throw new Error(`no number of deletions is told by “${done}”`);
  expect(deleted).toBeGreaterThanOrEqual(Number(least));
  expect(deleted).toBeLessThanOrEqual(Number(least) + Number(more));
}
