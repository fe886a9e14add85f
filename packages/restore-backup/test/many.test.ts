import { expect, test } from '@jest/globals';
import { keyRecords, taskRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();

test('10,000 keys make the round trip', async () => {
  const keys = Array.from({ length: 10_000 }, (_, i) => `celery-task-meta-${i}`);
  for (const [i, key] of keys.entries()) void emptied.client.set(key, `{"status":"SUCCESS","result":${i}}`);
  const before = await emptied.digest();
  const file = await emptied.backup(await keyRecords(emptied.target, keys));
  await emptied.client.flushDb();
  const { result } = await emptied.restore(file);
  expect([result.outcomes.keys.restored, await emptied.digest()]).toEqual([10_000, before]);
});

test('values of 30 MB make it too, a few at a time', async () => {
  const keys = ['a', 'b', 'c', 'd'];
  for (const key of keys)
    await emptied.client.hSet(key, { content: key.repeat(30_000_000), state: 'ACTIVE' });
  await emptied.client.configSet('rdbcompression', 'no');
  const before = await emptied.digest();
  const file = await emptied.backup(await keyRecords(emptied.target, keys));
  await emptied.client.flushDb();
  const { result } = await emptied.restore(file);
  await emptied.client.configSet('rdbcompression', 'yes');
  expect([result.outcomes.keys.restored, await emptied.digest()]).toEqual([4, before]);
});

test('two runs at once count a task once: one waits for the lock of the other', async () => {
  await emptied.client.set('metrics:tasks:state:dlq', '60');
  const ids = Array.from({ length: 60 }, (_, i) => `t${i}`);
  for (const id of ids) {
    await emptied.client.hSet(`task:${id}`, { state: 'DLQ', content: 'x'.repeat(100) });
    await emptied.client.lPush('dlq:tasks', id);
  }
  const before = await emptied.digest();
  const file = await emptied.backup(await taskRecords(emptied, ids));
  await emptied.client.flushDb();
  await emptied.client.set('metrics:tasks:state:dlq', '0');
  const deps = { lockWaitMs: 30_000 };
  await Promise.all([emptied.restore(file, { deps }), emptied.restore(file, { deps })]);
  expect(await emptied.digest()).toBe(before);
});
