import { depsOf, type Redis, targetOf } from '@atf/core';
import { describe, expect, test } from '@jest/globals';
import { resetRedis, resetRedisReportSchema } from '../src/index.js';
import { useSystem } from './use-system.js';

const system = useSystem();
const deps = () => depsOf(targetOf(system.client as unknown as Redis));

describe('while workers are alive', () => {
  test.each([['app'], ['db']])(
    'a reset of scope %s is refused with exit 3, and nothing is changed',
    async (scope) => {
      const backup = `${system.folder}/refused-${scope}.ndjson`;
      const { code, stdout, stderr } = await system.run(['--confirm', '--scope', scope, '--backup', backup]);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toContain('4 workers are alive');
      expect(stderr).toContain('Nothing was changed. Stop the workers and wait 90 s, or give --force.');
      expect(await system.digest()).toBe(system.digestWith);
    },
  );

  test('--json says why', async () => {
    const { stdout } = await system.run(['--confirm', '--json']);
    const { outcome, error } = resetRedisReportSchema.parse(JSON.parse(stdout));
    expect([outcome, error?.code]).toEqual(['refused', 'GUARD']);
  });

  test('--force insists', async () => {
    expect((await system.run(['--confirm', '--force'])).code).toBe(0);
    expect(await system.digest()).toBe(system.digestWithout);
  });

  test('the inspection says that a reset would be refused', async () => {
    expect((await system.run()).stdout).toContain(
      'It would be refused: 4 workers are alive (--force insists)\n',
    );
  });
});

test('a worker that comes while the keys are saved is seen before the first deletion', async () => {
  await system.stopWorkers();
  const { client } = system;
  const beat = () => void client.set('worker:heartbeat:new', String(Date.now() / 1000));
  const backup = `${system.folder}/late-worker.ndjson`;
  const keys = await client.dbSize();
  await expect(
    resetRedis({ ...deps(), progress: beat }, { dryRun: false, confirm: true, backup }),
  ).rejects.toMatchObject({ code: 'GUARD', done: undefined });
  expect(await client.dbSize()).toBe(keys + 1);
});

test('heartbeats are judged by the clock that is given', async () => {
  await system.stopWorkers();
  const now = new Date('2026-01-01T00:00:00Z');
  const beat = (ageSeconds: number) => String(now.getTime() / 1000 - ageSeconds);
  await system.client.mSet({
    'worker:heartbeat:young': beat(89),
    'worker:heartbeat:old': beat(91),
    'worker:heartbeat:broken': 'soon',
  });
  const { result } = await resetRedis({ ...deps(), now: () => now }, { dryRun: true });
  expect(result.workers).toEqual({
    live: 1,
    stale: 2,
    named: [
      { id: 'young', live: true, ageSeconds: 89 },
      expect.objectContaining({ live: false }),
      expect.objectContaining({ live: false }),
    ],
  });
});
