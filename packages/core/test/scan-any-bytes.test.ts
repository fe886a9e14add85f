import { bytesText, depsOf, type Redis, targetOf } from '@atf/core';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scanTasks } from '../src/counting/scan-tasks.js';

const fixture = useEmptyRedis();

async function scannedKeys(): Promise<Buffer[]> {
  const target = targetOf(fixture.client as unknown as Redis);
  const keys: Buffer[] = [];
  for await (const page of scanTasks(depsOf(target), target.client, { mayExpire: false }))
    keys.push(...page.keys);
  return keys;
}

const hex = (keys: readonly Buffer[]) => keys.map((key) => key.toString('hex')).sort();

describe('a scan', () => {
  test('brings keys of any bytes as they are', async () => {
    const tail = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(tail, { selector: (bytes) => bytes.toString('hex') }),
        async (tails) => {
          await fixture.client.flushDb();
          const keys = tails.map((bytes) => Buffer.concat([Buffer.from('task:'), bytes]));
          for (const key of keys) await fixture.client.hSet(key, 'state', 'ACTIVE');
          expect(hex(await scannedKeys())).toEqual(hex(keys));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('brings the keys under task:, and no others', async () => {
    const others = [
      'task',
      'tasks:scheduled',
      'dlq:task:1',
      'Task:1',
      'xtask:1',
      'metrics:tasks:state:active',
    ];
    for (const key of [...others, 'task:', 'task:*', 'task:[a]', 'task:a:b'])
      await fixture.client.set(key, '1');
    expect((await scannedKeys()).map(bytesText).sort()).toEqual(['task:', 'task:*', 'task:[a]', 'task:a:b']);
  });
});
