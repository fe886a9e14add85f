import { depsOf, type ProgressUpdate, type Redis, readDataVersion, targetOf } from '@atf/core';
import { celeryMetaKey, type SandboxClient } from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { beforeEach, expect, test } from '@jest/globals';
import { cleanupCeleryMeta } from '../src/index.js';
import { useResults } from './use-results.js';

const results = useResults();
const MANY = 6_000;
/** Enough that some are behind the scan, wherever their hashes put them. */
const NEW = Array.from({ length: 200 }, (_, i) => celeryMetaKey(`new-${i}`));

beforeEach(async () => {
  await results.add(MANY);
  // A count of changes is unknown during the second of the last save.
  await until(() => readDataVersion(results.client as unknown as Redis));
  await results.client.configResetStat();
});

/** Deletes all results, and lets another program act once, halfway. Tells whether there was a final check. */
async function runBeside(act: (client: SandboxClient) => unknown = () => {}) {
  let hasActed = false;
  const progress = ({ step, done }: ProgressUpdate) => {
    if (step !== 'delete' || done < MANY / 2 || hasActed) return;
    hasActed = true;
    void act(results.client);
  };
  const deps = { ...depsOf(targetOf(results.client as unknown as Redis)), progress };
  const { outcome, result } = await cleanupCeleryMeta(deps, { dryRun: false, yes: true });
  const checksAgain = (await results.client.info('commandstats')).includes('cmdstat_evalsha_ro');
  return { outcome, deleted: result.deleted, left: result.left, checksAgain };
}

test('if nobody else writes, it is sure without a final check that no result is left', async () => {
  expect(await runBeside()).toEqual({ outcome: 'repaired', deleted: MANY, left: 0, checksAgain: false });
  expect(await results.digest()).toBe(results.digestWithout);
});

test.each<[string, (client: SandboxClient) => unknown]>([
  ['another key is written', (client) => client.set('another-key', 'x')],
  ['another database is written to', (client) => client.multi().select(3).set('x', 'y').select(0).exec()],
  ['the server saves, which ends its count of changes', (client) => client.sendCommand(['SAVE'])],
])('if %s meanwhile, it checks again', async (_, act) => {
  expect(await runBeside(act)).toEqual({ outcome: 'repaired', deleted: MANY, left: 0, checksAgain: true });
});

test('results that are stored behind the scan are reported as left', async () => {
  const { deleted, left, checksAgain } = await runBeside((client) =>
    client.mSet(NEW.map((key): [string, string] => [key, '{"status": "SUCCESS"}'])),
  );
  expect(checksAgain).toBe(true);
  expect(left).toBeGreaterThan(0);
  expect((await results.left()).length).toBe(left);
  expect(deleted).toBe(MANY + NEW.length - left!);
});

test('keys of that name that are not a string are looked at again, and named', async () => {
  await results.client.lPush(NEW[0]!, 'x');
  expect(await runBeside()).toEqual({ outcome: 'repaired', deleted: MANY, left: 0, checksAgain: true });
  expect(await results.left()).toEqual([NEW[0]]);
});
