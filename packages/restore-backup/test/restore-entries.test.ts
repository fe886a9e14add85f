import {
  closeTarget,
  connectTarget,
  type HeldLock,
  loadScript,
  MAINTENANCE_LOCK_KEY,
  runScript,
  type TaskRecord,
} from '@atf/core';
import { taskKey } from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { QueueEntries, type QueueEntry } from '../src/queue-entries.js';
import { restoreEntries } from '../src/restore-entries.js';
import { deleteTasks, taskRecords } from './take-records.js';
import { useEmptied } from './use-emptied.js';

const emptied = useEmptied();
const LIST = 'tasks:pending:primary';

const write = async (elements: readonly string[]) => {
  await emptied.client.del(LIST);
  if (elements.length > 0) await emptied.client.rPush(LIST, [...elements]);
};
const read = () => emptied.client.lRange(LIST, 0, -1);

/** Takes the lock as a tool does. */
async function locked(): Promise<{ lock: HeldLock }> {
  const lock = { value: 'held by this test', rules: '' };
  await emptied.client.set(MAINTENANCE_LOCK_KEY, lock.value);
  return { lock };
}

/** Entries of the elements at these indexes, as delete-defective-tasks records them. */
function entriesAt(original: readonly string[], indexes: readonly number[]): QueueEntries {
  const entries = new QueueEntries();
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  for (const index of indexes) {
    const element = original[index]!;
    const key = base64(taskKey(element));
    const record: TaskRecord = {
      type: 'task',
      task: { type: 'key', key, dump: '', expiresAt: null, contentHash: '' },
      copies: [],
      entries: [
        {
          type: 'list-entry',
          key: base64(LIST),
          element: base64(element),
          fromTail: original.length - 1 - index,
        },
      ],
      members: [],
      counted: null,
    };
    entries.addTask(record)();
  }
  return entries;
}

const JOURNAL = 'atf:restore-journal:test';

/** Notes in the journal that a restore put these tasks back. */
const noteBack = (ids: readonly string[]) =>
  emptied.client.hSet(JOURNAL, Object.fromEntries(ids.map((id) => [`key:${taskKey(id)}`, 'PENDING false'])));

async function restoreBatch(entries: readonly QueueEntry[]) {
  const queue = { key: Buffer.from(LIST), kind: 'list', isShared: true } as const;
  return await restoreEntries(
    emptied.target.client,
    { queue, entries },
    { journal: JOURNAL, flagOf: () => '0', ...(await locked()) },
  );
}

async function merge(entries: QueueEntries): Promise<void> {
  await emptied.client.del(JOURNAL);
  await noteBack(IDS);
  for (const { entries: batch } of entries.queues()) await restoreBatch(batch);
}

/** The same in plain JavaScript: counted from the tail, the lowest place first, each where it was or at the head. */
function model(now: readonly string[], original: readonly string[], removed: readonly number[]): string[] {
  const fromTail = [...now].reverse();
  for (const index of [...removed].sort((a, b) => b - a)) {
    const [element, place] = [original[index]!, original.length - 1 - index];
    const missing = removed.filter((i) => i >= index && original[i] === element).length;
    if (now.filter((e) => e === element).length >= missing) continue;
    fromTail.splice(Math.min(place, fromTail.length), 0, element);
  }
  return fromTail.reverse();
}

const IDS = Array.from({ length: 12 }, (_, i) => `t${i}`);

beforeEach(async () => {
  for (const id of IDS) await emptied.client.hSet(taskKey(id), 'state', 'PENDING');
});

describe('entries that were removed', () => {
  const queue = fc.array(fc.constantFrom(...IDS), { maxLength: 30 });
  const removal = fc.uniqueArray(fc.constantFrom(...IDS), { maxLength: 8 });

  test('come back to where they were', async () => {
    await fc.assert(
      fc.asyncProperty(queue, removal, async (original, ids) => {
        const removed = original.flatMap((id, index) => (ids.includes(id) ? [index] : []));
        await write(original.filter((id) => !ids.includes(id)));
        await merge(entriesAt(original, removed));
        expect(await read()).toEqual(original);
        await merge(entriesAt(original, removed));
        expect(await read()).toEqual(original);
      }),
      { numRuns: 150 },
    );
  });

  test('come back as a plain model has it after pushes at the head and pops at either end', async () => {
    const others = fc.array(fc.constantFrom('x', 'y', ...IDS), { maxLength: 6 });
    const few = fc.nat({ max: 4 });
    await fc.assert(
      fc.asyncProperty(
        queue,
        removal,
        fc.tuple(others, few, few),
        async (original, ids, [pushed, head, tail]) => {
          const removed = original.flatMap((id, index) => (ids.includes(id) ? [index] : []));
          const rest = original.filter((id) => !ids.includes(id));
          const now = [...pushed, ...rest.slice(head)].slice(0, -tail || undefined);
          await write(now);
          await merge(entriesAt(original, removed));
          expect(await read()).toEqual(model(now, original, removed));
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('an entry stays away if its task did not come back, changed since or is gone, and the others move up', async () => {
  await write(['a', 'b']);
  await noteBack(['t0', 't2', 't3']);
  await emptied.client.del(taskKey('t2'));
  await emptied.client.hSet(taskKey('t3'), 'updated_at', 'now');
  const [queue] = entriesAt(['t0', 'a', 't1', 't2', 't3', 'b'], [0, 2, 3, 4]).queues();
  expect(await restoreBatch(queue!.entries)).toEqual({
    restored: 1,
    there: 0,
    left: 0,
    notQueued: { before: 1, changed: 1, missing: 1 },
    absent: 3,
    otherType: undefined,
  });
  expect(await read()).toEqual(['t0', 'a', 'b']);
});

test('an entry comes back once, although it was taken since', async () => {
  await noteBack(['t1']);
  const [queue] = entriesAt(['t1'], [0]).queues();
  await restoreBatch(queue!.entries);
  await emptied.client.lPop(LIST);
  expect(await restoreBatch(queue!.entries)).toMatchObject({ restored: 0, there: 1 });
  expect(await read()).toEqual([]);
});

test.each(['rpush', 'ltrim'])(
  'without +%s nothing is lost even where the script could not ask',
  async (command) => {
    const script = loadScript(import.meta.url, './fixtures/restore-entries-before-redis-7.lua');
    const rules = ['on', '>pw', '~*', '+@all', `-${command}`];
    await emptied.client.sendCommand(['ACL', 'SETUSER', 'limited', 'reset', ...rules]);
    const url = emptied.redis.url.replace('redis://', 'redis://limited:pw@');
    const limited = await connectTarget(url, { name: 'limited' });
    for (const now of [
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]) {
      await write(now);
      await noteBack(['t1']);
      const [queue] = entriesAt(['a', 't1', 'b', 'c'], [1]).queues();
      const entries = queue!.entries.flatMap(({ element, at }) => [element, at, '1', '1', '0']);
      const keys = [LIST, JOURNAL, taskKey('t1')];
      const args = ['1', 'list', '1', ...entries];
      await expect(runScript(limited.client, script, { keys, args })).rejects.toThrow();
      expect(await read()).toEqual(now);
    }
    closeTarget(limited);
  },
);

test('20,000 entries come back to their positions in a queue of 100,000', async () => {
  const original = Array.from(
    { length: 100_000 },
    (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  );
  const ids = original.filter((_, i) => i % 5 === 2);
  await write(original);
  await Promise.all(ids.map((id) => emptied.client.hSet(taskKey(id), 'state', 'PENDING')));
  const removed = original.flatMap((_, i) => (i % 5 === 2 ? [i] : []));
  await write(original.filter((_, i) => i % 5 !== 2));
  const [queue] = entriesAt(original, removed).queues();
  for (let from = 0; from < ids.length; from += 1_000) await noteBack(ids.slice(from, from + 1_000));
  for (const from of [0, 10_000]) {
    await restoreBatch(queue!.entries.slice(from, from + 10_000));
  }
  expect(await read()).toEqual(original);
});

test('the deletion of tasks in the middle of queues is undone', async () => {
  await write(['t1', 't2', 't1', 't3', 't2']);
  const before = await read();
  const file = await emptied.backup(await taskRecords(emptied, ['t1', 't2']));
  await deleteTasks(emptied.client, ['t1', 't2']);
  await emptied.client.lPush(LIST, 'new');
  await emptied.restore(file);
  expect(await read()).toEqual(['new', ...before]);
});
