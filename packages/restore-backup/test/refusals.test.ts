import { closeTarget, connectTarget } from '@atf/core';
import { allowUser, PRIMARY_QUEUE, RECORDING, taskKey } from '@atf/sandbox';
import { expect, test } from '@jest/globals';
import { backUpAndDelete, keyRecords, taskRecords } from './take-records.js';
import { useRecorded } from './use-emptied.js';

const recorded = useRecorded();
const IDS = [...RECORDING.unknownIds, ...RECORDING.queuedPending, ...RECORDING.overdueScheduled];

/** Restores a file as a user who has these rules and no others. */
async function restoreAs(rules: readonly string[], file: string) {
  const target = await connectTarget(await allowUser(recorded, 'part', rules), { name: 'part' });
  try {
    return await recorded.restore(file, { deps: { target } });
  } finally {
    closeTarget(target);
  }
}

test('what Redis refuses half-way is told with what was done by then', async () => {
  const file = await backUpAndDelete(recorded, IDS);
  const [record] = await keyRecords(recorded.target, [taskKey(RECORDING.stuckActive[0])]);
  const limited = await recorded.backup([...(await taskRecords(recorded, [])), record!]);
  await recorded.client.sendCommand(['CONFIG', 'SET', 'maxmemory', '1']);
  try {
    await recorded.client.sendCommand(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
    await expect(recorded.restore(file)).rejects.toMatchObject({ code: 'SERVER', done: undefined });
    expect((await recorded.restore(limited)).outcome).toBe('clean');
  } finally {
    await recorded.client.sendCommand(['CONFIG', 'SET', 'maxmemory', '0']);
  }
});

test('a record that Redis refuses does not keep the others from their queues', async () => {
  const [queued, ...others] = RECORDING.queuedPending;
  const file = await backUpAndDelete(recorded, RECORDING.queuedPending);
  const keys = [
    ...others.map(taskKey),
    ...others.map((id) => `dlq:task:${id}`),
    'metrics:*',
    'tasks:*',
    'dlq:tasks',
    'atf:*',
  ];
  const rules = ['+@all', '-@dangerous', '+restore', '+info', ...keys.map((key) => `~${key}`)];
  await expect(restoreAs(rules, file)).rejects.toMatchObject({
    code: 'NO_PERMISSION',
    done: {
      action: 'restored',
      counts: expect.objectContaining({ tasks: others.length, entries: others.length }),
    },
  });
  expect(await recorded.client.exists(taskKey(queued))).toBe(0);
  expect(await recorded.client.lRange(PRIMARY_QUEUE, 0, -1)).toEqual(expect.arrayContaining([...others]));
  expect((await recorded.restore(file)).outcome).toBe('repaired');
  expect(await recorded.digest()).toBe(recorded.before);
});

test('what is put back beside a refused record keeps its order, so that the next run ends in the order of before', async () => {
  const ids = ['t1', 't2', 't3', 't4'];
  const stays = ['s0', 's1', 's2', 's3'];
  await recorded.client.flushDb();
  for (const id of [...ids, ...stays])
    await recorded.client.hSet(taskKey(id), { task_id: id, state: 'PENDING' });
  const order = ['s0', 't1', 's1', 't2', 's2', 't3', 's3', 't4'];
  await recorded.client.rPush(PRIMARY_QUEUE, order);
  const whole = await recorded.digest();
  const file = await backUpAndDelete(recorded, ids);
  // The second of four is refused, and what comes behind it may not be reached.
  const keys = ['t1', 't3', 't4'].flatMap((id) => [taskKey(id), `dlq:task:${id}`]);
  const shared = ['metrics:*', 'tasks:*', 'dlq:tasks', 'atf:*'];
  const rules = ['+@all', ...[...shared, ...keys].map((key) => `~${key}`)];
  await expect(restoreAs(rules, file)).rejects.toMatchObject({ code: 'NO_PERMISSION' });
  const halfway = await recorded.client.lRange(PRIMARY_QUEUE, 0, -1);
  expect(halfway).toContain('t1');
  expect(halfway).toEqual(order.filter((id) => halfway.includes(id)));
  expect((await recorded.restore(file)).outcome).toBe('repaired');
  expect(await recorded.digest()).toBe(whole);
});
