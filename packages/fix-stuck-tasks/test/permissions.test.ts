import { readFileSync } from 'node:fs';
import { closeTarget, connectTarget, depsOf, failureOf } from '@atf/core';
import { CONSUMER, heartbeatKey, PRIMARY_QUEUE, runBin, seedAsyncTaskFlow, taskKey } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { KINDS, type Kind } from '../src/kinds.js';
import { FIX, useRedis } from './support.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const RULES = /^ACL SETUSER fixer on >password (.+)$/m.exec(README)![1]!.split(' ');

const bench = useRedis();

beforeEach(async () => {
  await seedAsyncTaskFlow(bench.client, {
    tasks: 40,
    seed: 1,
    faults: {
      stuckActive: 2,
      overdueScheduled: 2,
      orphanedDlq: 2,
      orphanedScheduled: 2,
      ghostEntry: 4,
      duplicateEntry: 1,
    },
  });
  await bench.client.set(heartbeatKey('dead'), '1');
  const [stuck] = await bench.client.keys(taskKey('*'));
  await bench.client.hSet(stuck!, {
    state: 'ACTIVE',
    worker_id: 'dead',
    updated_at: '2025-01-01T00:00:00',
    started_at: '',
  });
  await bench.client.lRem(PRIMARY_QUEUE, 0, stuck!.slice(5));
  await bench.client.hSet('unacked', CONSUMER, '[]');
  await bench.client.scriptFlush();
  await allow(RULES);
});

const allow = (rules: readonly string[]) =>
  bench.client.sendCommand(['ACL', 'SETUSER', 'fixer', 'reset', 'on', '>password', ...rules]);

const URL_OF = () => `redis://fixer:password@127.0.0.1:${bench.redis.port}/0`;
const ONLY: Kind[] = KINDS.filter((kind) => kind !== 'orphaned-pending' && kind !== 'failed');
const run = (...args: string[]) =>
  runBin('fix-stuck-tasks', ['--redis-url', URL_OF(), '--only', ...ONLY, ...args]);

/**
 * Saves the start of a process for each rule, and the time between two looks; the error is what the command line would
 * say.
 */
async function inThisProcess() {
  const target = await connectTarget(URL_OF(), { name: 'test' });
  try {
    return await fixStuckTasks(depsOf(target), {
      ...FIX,
      only: ONLY.filter((kind) => kind !== 'orphaned-scheduled'),
    });
  } catch (error) {
    throw failureOf(error, target);
  } finally {
    closeTarget(target);
  }
}

describe('the permissions that the README names', () => {
  test('are enough', async () => {
    expect(await run('--check')).toMatchObject({ code: 1, stderr: '' });
    const { code, stderr, stdout } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('✅ Repaired');
  });

  // +ping is for runs that wait longer than some seconds for an answer.
  test.each(RULES.filter((rule) => /^[+&]/.test(rule) && rule !== '+ping'))(
    '%s: without it nothing is changed, and that is said',
    async (rule) => {
      await allow(
        rule.startsWith('+') ? [...RULES, rule.replace('+', '-')] : RULES.filter((one) => one !== rule),
      );
      const before = await bench.digest();
      const refused = await inThisProcess().catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'NO_PERMISSION', done: undefined });
      expect(await bench.digest()).toBe(before);
    },
  );
});
