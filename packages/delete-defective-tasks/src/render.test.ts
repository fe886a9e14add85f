import { PLAIN_STYLE } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import { renderDeleteDefectiveTasks } from './render.js';
import type { DeleteDefectiveTasksResult, ReportedTask } from './schema.js';

const KEPT: ReportedTask = {
  key: 'task:1',
  verdict: 'suspicious',
  reasons: [{ code: 'not-a-hash', field: null, value: 'list' }],
  outcome: 'kept',
  preview: null,
};
const DEFECTIVE: ReportedTask = {
  key: 'task:2',
  verdict: 'defective',
  reasons: [
    { code: 'no-task-id', field: 'task_id', value: null },
    { code: 'missing-field', field: 'created_at', value: '' },
  ],
  outcome: 'to-delete',
  preview: {
    taskId: null,
    state: 'COMPLETED',
    createdAt: '',
    updatedAt: '2026-11-22T15:10:52.604759',
    completedAt: null,
    taskType: null,
    content: null,
    contentBytes: 0,
  },
};
const RESULT: DeleteDefectiveTasksResult = {
  totalTasks: 5_000,
  wrongType: 0,
  unrelated: 0,
  defective: 0,
  suspicious: 0,
  inUse: 0,
  toDelete: 0,
  kept: 0,
  deleted: 0,
  gone: 0,
  changed: 0,
  left: 0,
  removed: { listEntries: 4, scheduledEntries: 3, deadLetterCopies: 2, counted: 1 },
  tooMany: false,
  backup: null,
  reasons: [],
  tasks: [],
};
const TARGET = { host: 'localhost', port: 6379, database: 0, tls: false, user: null };

type Ending = Parameters<typeof renderDeleteDefectiveTasks>[0];
const rendered = (result: Partial<DeleteDefectiveTasksResult>, ending: Partial<Ending> = {}) =>
  renderDeleteDefectiveTasks(
    { mode: 'repair', outcome: 'repaired', target: TARGET, ...ending, result: { ...RESULT, ...result } },
    PLAIN_STYLE,
  );
/** The lines behind the heading. */
const body = (...args: Parameters<typeof rendered>) => rendered(...args).slice(8);

const REMOVED =
  "   With them: 4 queue entries, 3 scheduled entries, 2 dead-letter copies; 1 subtracted from their state's counter";

describe('the report', () => {
  test('of a dry run shows every task with its reasons', () => {
    expect(
      rendered({ defective: 1, toDelete: 1, tasks: [DEFECTIVE] }, { mode: 'dry-run', outcome: 'found' }),
    ).toEqual([
      'Defective Task Cleanup Utility',
      'Redis URL: redis://localhost:6379/0',
      'Mode: DRY RUN',
      '',
      'Connected to Redis at redis://localhost:6379/0',
      'Scanned 5000 total tasks',
      'Found 1 defective tasks',
      '',
      'Defective tasks found:',
      '-'.repeat(80),
      '1. Redis Key: task:2',
      '   Task ID: missing',
      '   State: COMPLETED',
      '   Created: empty',
      '   Updated: 2026-11-22T15:10:52.604759',
      '   Completed: missing',
      '   Type: missing',
      '   Content: missing',
      '   Reasons: task_id is missing (the dashboard shows it as unknown_id); created_at is empty',
      '',
      'DRY RUN: Would delete 1 defective tasks',
    ]);
  });

  test('shows how long a content is that was not read', () => {
    const preview = { ...DEFECTIVE.preview!, contentBytes: 4_000_000 };
    const lines = rendered({ toDelete: 1, tasks: [{ ...DEFECTIVE, preview }] });
    expect(lines).toContain('   Content: (4000000 bytes)');
  });

  test('of a check says what a run would do, and that it would refuse', () => {
    const check = { mode: 'check', outcome: 'found' } as const;
    expect(body({ toDelete: 3, tooMany: true }, check)).toEqual([
      '❌ 3 defective tasks to delete',
      '⚠️  That is more than --max-defective-percent allows: a run refuses to delete them',
    ]);
    expect(body({}, check)).toEqual(['No defective tasks found.']);
  });

  test('of a deletion counts everything that went with the tasks', () => {
    const tasks = [
      { ...DEFECTIVE, outcome: 'changed', preview: null },
      { ...DEFECTIVE, outcome: 'gone', preview: null },
    ] as const;
    const counts = { toDelete: 9, deleted: 5, changed: 1, gone: 1, left: 2 };
    expect(body({ ...counts, tasks: [...tasks], backup: 'b.atf' }, { outcome: 'partial' })).toEqual([
      'Defective tasks found:',
      '-'.repeat(80),
      '1. Redis Key: task:2',
      '   Reasons: task_id is missing (the dashboard shows it as unknown_id); created_at is empty',
      '   Left alone: it has changed since it was judged',
      '',
      '2. Redis Key: task:2',
      '   Reasons: task_id is missing (the dashboard shows it as unknown_id); created_at is empty',
      '   Somebody else had already deleted it',
      '',
      '… and 7 more',
      '',
      '⚠️  Deleted 5 defective tasks',
      REMOVED,
      '   Gone already: 1',
      '   Left alone, because they have changed meanwhile: 1; run it again',
      '   Not reached: 2; run it again',
      '   Backup: b.atf (restore-backup puts it back)',
    ]);
  });

  test('counts all kept tasks, not only those that it names', () => {
    const tasks = Array<ReportedTask>(1_000).fill(KEPT);
    const lines = body({ suspicious: 3_000, toDelete: 500, deleted: 500, kept: 2_500, tasks });
    expect(lines.slice(0, 2)).toEqual([
      'Only suspicious, kept: 2500 (--include REASON deletes them)',
      '   - task:1: not a hash, but a list (not-a-hash)',
    ]);
    expect(lines.slice(21)).toEqual(['   … and 2480 more', '', '✅ Deleted 500 defective tasks', REMOVED]);
  });

  test('ends a long list with how many tasks there are for each reason', () => {
    const reasons = [
      { code: 'no-task-id', field: 'task_id', tasks: 20 },
      { code: 'missing-field', field: 'created_at', tasks: 15 },
      { code: 'year-one', field: 'dlq_at', tasks: 2 },
      { code: 'unreadable-date', field: 'dlq_at', tasks: 1 },
      { code: 'not-a-hash', field: null, tasks: 1 },
    ] as const;
    const dryRun = { mode: 'dry-run', outcome: 'found' } as const;
    const tasks = [{ ...DEFECTIVE, preview: null }];
    expect(body({ toDelete: 21, tasks, reasons: [...reasons] }, dryRun).slice(4)).toEqual([
      '',
      '… and 20 more',
      '',
      'By reason:',
      '   20: task_id is missing, empty or unknown_id: the dashboard shows unknown_id',
      '   15: created_at is missing or empty',
      '   2: dlq_at is in year 1',
      '   1: dlq_at is not a date',
      '   1: not a hash',
      '',
      'DRY RUN: Would delete 21 defective tasks',
    ]);
    expect(body({ toDelete: 20, tasks, reasons: [...reasons] }, dryRun)).not.toContain('By reason:');
  });

  test('shows in groups of their own what a worker may still write to, and what other programs wrote', () => {
    const inUse = { ...DEFECTIVE, outcome: 'in-use' } as const;
    const unrelated: ReportedTask = {
      ...KEPT,
      key: 'task:stats',
      reasons: [{ code: 'unrelated', field: null, value: 'hash' }],
    };
    const lines = body({ inUse: 1, kept: 1, unrelated: 2, tasks: [unrelated, KEPT, inUse] });
    expect(lines).toEqual([
      'Kept, because a worker may still write to them: 1',
      '   - task:2: task_id is missing (no-task-id); created_at is empty (missing-field)',
      '',
      'Only suspicious, kept: 1 (--include REASON deletes them)',
      '   - task:1: not a hash, but a list (not-a-hash)',
      '',
      "Other programs' hashes, kept: 2 (--include unrelated deletes them)",
      "   - task:stats: another program's hash: it has no field and no name of a task (unrelated)",
      '   … and 1 more',
      '',
      'No defective tasks found.',
    ]);
  });

  test('marks as done only what is done', () => {
    expect(body({ toDelete: 2, deleted: 2 })[0]).toBe('✅ Deleted 2 defective tasks');
    expect(body({ toDelete: 1, gone: 1 })[0]).toBe('⚠️  Deleted 0 defective tasks');
  });

  test('prints no control characters of the name of a backup', () => {
    const lines = rendered({ toDelete: 1, deleted: 1, backup: '\u001b[2J' });
    expect(lines.at(-1)).toBe('   Backup: �[2J (restore-backup puts it back)');
  });

  test('warns about a database without tasks', () => {
    expect(rendered({ totalTasks: 0 }, { mode: 'dry-run', outcome: 'clean' }).slice(5)).toEqual([
      'Scanned 0 total tasks',
      'Found 0 defective tasks',
      '⚠️  No task in redis://localhost:6379/0: if there should be some, check host, port and database number.',
      '',
      'No defective tasks found.',
    ]);
  });
});
