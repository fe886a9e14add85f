import { reportSchema, taskFindingSchema } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();
const text = z.string().nullable();

const preview = z.strictObject({
  taskId: text,
  state: text,
  createdAt: text,
  updatedAt: text,
  completedAt: text,
  taskType: text,
  content: text,
  contentBytes: count,
});

/** Schema of what `delete-defective-tasks --json` prints. */
export const deleteDefectiveTasksReportSchema = reportSchema(
  'delete-defective-tasks',
  z.strictObject({
    totalTasks: count,
    foreignKeys: count,
    defective: count,
    suspicious: count,
    condemned: count,
    kept: count,
    deleted: count,
    gone: count,
    changed: count,
    left: count,
    removed: z.strictObject({
      listEntries: count,
      scheduledEntries: count,
      deadLetterCopies: count,
      counted: count,
    }),
    tooMany: z.boolean(),
    backup: text,
    tasks: z.array(
      z.strictObject({
        key: z.string(),
        verdict: z.enum(['defective', 'suspicious']),
        reasons: z.array(taskFindingSchema),
        fate: z.enum(['condemned', 'deleted', 'gone', 'changed', 'kept']),
        preview: preview.nullable(),
      }),
    ),
  }),
);
