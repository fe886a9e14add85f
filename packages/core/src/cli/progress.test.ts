import { describe, expect, test } from '@jest/globals';
import { progressView } from './progress.js';

/** A view with a clock to turn, and all that it wrote. */
function viewOn({ isTTY }: { isTTY: boolean }) {
  const clock = { ms: 0 };
  const written: string[] = [];
  const view = progressView({ isTTY, write: (text) => written.push(text) }, () => clock.ms);
  const updateAt = (ms: number, done: number, total?: number) => {
    clock.ms = ms;
    view.update({ step: 'scan', what: 'Counting tasks', done, ...(total === undefined ? {} : { total }) });
  };
  return { view, written, updateAt };
}

describe('progress on a terminal', () => {
  test('is one line that is written over, ten times a second at the most', () => {
    const { written, updateAt } = viewOn({ isTTY: true });
    for (const ms of [50, 100, 150, 199, 200]) updateAt(ms, ms * 1_000);
    expect(written).toEqual(['\r\u001b[KCounting tasks: 100,000 …', '\r\u001b[KCounting tasks: 200,000 …']);
  });

  test('is taken away before other output, once', () => {
    const { view, written, updateAt } = viewOn({ isTTY: true });
    updateAt(100, 1);
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
  test('says nothing of work that is short', () => {
    const { view, written, updateAt } = viewOn({ isTTY: false });
    updateAt(4_999, 1_000_000);
    view.clear();
    expect(written).toEqual([]);
  });

  test('is a plain line every five seconds, with the total where there is one', () => {
    const { written, updateAt } = viewOn({ isTTY: false });
    for (const ms of [5_000, 9_999, 10_000]) updateAt(ms, ms, 20_000);
    expect(written).toEqual(['Counting tasks: 5,000 of 20,000 …\n', 'Counting tasks: 10,000 of 20,000 …\n']);
  });
});
