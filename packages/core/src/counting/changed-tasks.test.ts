import { expect, test } from '@jest/globals';
import { ChangedTasks } from './changed-tasks.js';

test('tasks are taken once, and again if they are named again', () => {
  const changed = new ChangedTasks();
  for (const key of ['a', 'b', 'a']) changed.note(key);
  expect([changed.unreadCount, changed.takeUnread(10, 100), changed.unreadCount]).toEqual([2, ['a', 'b'], 0]);
  changed.note('b');
  expect(changed.takeUnread(10, 100)).toEqual(['b']);
});

test('a limited number of tasks is taken, and no more than some bytes of their keys', () => {
  const changed = new ChangedTasks();
  for (const key of ['a', 'b', 'c', 'd']) changed.note(key);
  expect(changed.takeUnread(1, 100)).toEqual(['a']);
  expect(changed.takeUnread(10, 1)).toEqual(['b', 'c']);
  expect(changed.unreadCount).toBe(1);
});

test('names are returned by their position in the stream', () => {
  const changed = new ChangedTasks();
  changed.note('a');
  changed.takeUnread(10, 100);
  const [before, at] = [changed.position, changed.position + 1];
  for (const key of ['b', 'c', 'b']) changed.note(key);
  expect(changed.namedBetween(before, at)).toEqual(['b']);
  expect(changed.namedBetween(at, changed.position)).toEqual(['c', 'b']);
  expect(changed.namedSinceTaken(at)).toEqual(['b']);
  expect(['a', 'b', 'c', 'd'].map((key) => changed.isNamedAfter(key, at))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('a name without a key means that the database was emptied', () => {
  const changed = new ChangedTasks();
  changed.note(undefined);
  expect([changed.flushed, changed.unreadCount, changed.position]).toEqual([true, 0, 0]);
});

test('a task can be read although it was not named', () => {
  const changed = new ChangedTasks();
  changed.mustRead('a');
  expect([changed.takeUnread(1, 10), changed.position, changed.isNamedAfter('a', 0)]).toEqual([
    ['a'],
    0,
    false,
  ]);
});
