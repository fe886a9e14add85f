import { describe, expect, test } from '@jest/globals';
import type { ProgressUpdate } from '../deps.js';
import { progressText, progressView } from './progress.js';

/** A view with a clock to set, and everything that it wrote. */
function viewOn(stream: { isTTY: boolean; columns?: number }) {
  const clock = { ms: 0 };
  const written: string[] = [];
  const view = progressView({ ...stream, write: (text) => written.push(text) }, () => clock.ms);
  const updateAt = (ms: number, update: Partial<ProgressUpdate>) => {
    clock.ms = ms;
    view.update({ step: 'scan', what: 'Counting tasks', done: ms, ...update });
  };
  return { view, written, updateAt };
}

describe('progress on a terminal', () => {
  test('is one line that is overwritten, at most ten times a second', () => {
    const { written, updateAt } = viewOn({ isTTY: true });
    for (const ms of [50, 100, 150, 199, 200]) updateAt(ms, {});
    expect(written).toEqual(['\r\u001b[KCounting tasks: 100 …', '\r\u001b[KCounting tasks: 200 …']);
  });

  test.each([
    [20, 'Counting tasks: 100'],
    [0, 'Counting tasks: 100 …'],
  ])('never takes more than one line of %d columns', (columns, text) => {
    const { written, updateAt } = viewOn({ isTTY: true, columns });
    updateAt(100, {});
    expect(written).toEqual([`\r\u001b[K${text}`]);
  });

  test('is removed before other output, once', () => {
    const { view, written, updateAt } = viewOn({ isTTY: true });
    updateAt(100, {});
    view.clear();
    view.clear();
    expect(written.slice(1)).toEqual(['\r\u001b[K']);
  });

  test('leaves a line alone that it did not draw', () => {
    const { view, written } = viewOn({ isTTY: true });
    view.clear();
    expect(written).toEqual([]);
  });
});

describe('progress elsewhere', () => {
  test('says nothing about short work', () => {
    const { view, written, updateAt } = viewOn({ isTTY: false });
    updateAt(4_999, {});
    view.clear();
    expect(written).toEqual([]);
  });

  test('is a plain line every five seconds, and its rate is that of its step', () => {
    const { view, written, updateAt } = viewOn({ isTTY: false });
    updateAt(1_000, {});
    updateAt(5_000, { done: 4_000, total: 20_000 });
    updateAt(9_999, {});
    updateAt(10_000, { step: 'delete', what: 'Deleting', done: 7 });
    view.scanned(0.5);
    updateAt(15_000, { step: 'delete', what: 'Deleting', done: 20 });
    view.scanned(1);
    updateAt(20_000, { step: 'verify', what: 'Counting', done: 1, total: 4 });
    expect(written).toEqual([
      'Counting tasks: 4,000 of 20,000 (20 %, 1,000/s, 16 s left) …\n',
      'Deleting: 7 …\n',
      'Deleting: 20 (50 %, 4/s, 5 s left) …\n',
      'Counting: 1 of 4 (25 %) …\n',
    ]);
  });
});

test.each([
  [{ done: 12, unit: 's' }, 5_000, 'Work: 12 s …'],
  [{ done: 0 }, 5_000, 'Work: 0 …'],
  [{ done: 500 }, 999, 'Work: 500 …'],
  [{ done: 352_726, scanned: 0.359 }, 2_000, 'Work: 352,726 (35 %, 176,363/s, 4 s left) …'],
  [{ done: 10, scanned: 0 }, 2_000, 'Work: 10 (0 %, 5/s) …'],
  [{ done: 10, scanned: 0.01 }, 2_000, 'Work: 10 (1 %, 5/s, 4 min left) …'],
  [{ done: 10, scanned: 0.0001 }, 2_000, 'Work: 10 (0 %, 5/s, 6 h left) …'],
  [{ done: 30, total: 20 }, 2_000, 'Work: 30 of 20 (100 %, 15/s, 0 s left) …'],
] as const)('progress %j after %d ms is %s', (given, elapsedMs, text) => {
  const { scanned, ...update }: { done: number; scanned?: number } = given;
  expect(progressText({ step: 'scan', what: 'Work', ...update }, elapsedMs, scanned)).toBe(text);
});
