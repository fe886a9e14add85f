import { reportSchema, taskFindingSchema } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();
const text = z.string().nullable();

/** The preview of a task: each value as it is stored, or null if it is missing. */
const preview = z.strictObject({
  taskId: text,
  state: text,
  createdAt: text,
  updatedAt: text,
  completedAt: text,
  taskType: text,
  /** The beginning of the content; null if it is missing or too long to be read. */
  content: text,
  contentBytes: count,
});

const deleteOutcome = z.enum(['deleted', 'gone', 'changed', 'in-use']);

const reportedTask = z.strictObject({
  key: z.string(),
  verdict: z.enum(['defective', 'suspicious']),
  /** Everything that is wrong with the task. */
  reasons: z.array(taskFindingSchema),
  /** `to-delete`: chosen, but not deleted yet; `kept`: only suspicious or another program's, and not included. */
  outcome: z.enum([...deleteOutcome.options, 'to-delete', 'kept']),
  /** Null for a key that is not a hash. */
  preview: preview.nullable(),
});

/** How many of the tasks to delete have a reason. */
const reasonCount = taskFindingSchema.omit({ value: true }).extend({ tasks: count });

const result = z.strictObject({
  /** Task hashes. */
  totalTasks: count,
  /** Keys under `task:` that are not a hash. They are suspicious. */
  wrongType: count,
  /** Other programs' hashes under `task:`. They have no field of a task, and their name has no task's id. */
  unrelated: count,
  /** Defective tasks, without those in use. */
  defective: count,
  suspicious: count,
  /** Kept, because a live worker or an unacknowledged message may still write to them. */
  inUse: count,
  /** All defective tasks, and everything else that was included. */
  toDelete: count,
  /** Suspicious tasks whose reason was not included. */
  kept: count,
  deleted: count,
  /** Tasks that no longer existed when they were to be deleted. */
  gone: count,
  /** Tasks that had changed since they were judged, and were left alone. */
  changed: count,
  /** Tasks that were not reached. */
  left: count,
  /** References that were deleted with the tasks. */
  removed: z.strictObject({
    listEntries: count,
    scheduledEntries: count,
    deadLetterCopies: count,
    /** Tasks that were subtracted from the counter of their state. */
    counted: count,
  }),
  /** True if --max-defective-percent forbids the deletion. */
  tooMany: z.boolean(),
  backup: text,
  reasons: z.array(reasonCount),
  /** The first 1,000 tasks to delete, then the first 1,000 kept ones, then the first 1,000 in use. */
  tasks: z.array(reportedTask),
});

/** Schema of what `delete-defective-tasks --json` prints. */
export const deleteDefectiveTasksReportSchema = reportSchema('delete-defective-tasks', result);

export type DeleteDefectiveTasksResult = z.output<typeof result>;
export type ReportedTask = z.output<typeof reportedTask>;
export type ReasonCount = z.output<typeof reasonCount>;
export type TaskPreview = z.output<typeof preview>;
/** The outcome of a task to delete; `changed`: it has changed since it was judged, and was left alone. */
export type DeleteOutcome = z.output<typeof deleteOutcome>;
