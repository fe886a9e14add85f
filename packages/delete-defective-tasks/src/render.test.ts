import { describe, expect, test } from '@jest/globals';
import { renderDeleteDefectiveTasks } from './render.js';
import type { DeleteDefectiveTasksResult, ReportedTask } from './result.js';

const KEPT: ReportedTask = {
  key: 'task:1',
  verdict: 'suspicious',
  reasons: [{ code: 'not-a-hash', field: null, value: 'list' }],
  fate: 'kept',
  preview: null,
};
const RESULT: DeleteDefectiveTasksResult = {
  totalTasks: 5_000,
  foreignKeys: 0,
  defective: 0,
  suspicious: 0,
  condemned: 0,
  kept: 0,
  deleted: 0,
  gone: 0,
  changed: 0,
  left: 0,
  removed: { listEntries: 0, scheduledEntries: 0, deadLetterCopies: 0, counted: 0 },
  tooMany: false,
  backup: null,
  tasks: [],
};
const STYLE = { good: (text: string) => text, bad: (text: string) => text, faint: (text: string) => text };

type Ending = Parameters<typeof renderDeleteDefectiveTasks>[0];
const rendered = (result: Partial<DeleteDefectiveTasksResult>, outcome: Ending['outcome'] = 'repaired') =>
  renderDeleteDefectiveTasks(
    { mode: 'repair', outcome, target: null, result: { ...RESULT, ...result } },
    STYLE,
  );

describe('the report', () => {
  test('tells of as many kept tasks as there are: not of those that are shown, nor of those that go', () => {
    const tasks = Array<ReportedTask>(1_000).fill(KEPT);
    const lines = rendered({ suspicious: 3_000, condemned: 500, deleted: 500, kept: 2_500, tasks });
    expect(lines).toContain('Only suspicious, and kept: 2500 (--include REASON deletes them)');
    expect(lines).toContain('   … and 2480 more');
  });

  test('shows as done only what is', () => {
    const lines = [
      ...rendered({ condemned: 2, deleted: 2 }),
      ...rendered({ condemned: 3, deleted: 1, changed: 2 }, 'partial'),
      ...rendered({ condemned: 1, gone: 1 }),
    ];
    expect(lines.filter((line) => line.includes('Deleted'))).toEqual([
      '✅ Deleted 2 defective tasks',
      '⚠️  Deleted 1 defective tasks',
      '⚠️  Deleted 0 defective tasks',
    ]);
  });

  test('brings no control characters of the name of a backup to the terminal', () => {
    const lines = rendered({ condemned: 1, deleted: 1, backup: '\u001b[2J' });
    expect(lines.at(-1)).toBe('   Backup: �[2J (restore-backup puts it back)');
  });
});
