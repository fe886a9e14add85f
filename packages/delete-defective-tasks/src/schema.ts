import { reportSchema, taskFindingSchema } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();
const text = z.string().nullable();

/** What a report shows of a task, each value as it is stored; null if it is missing. */
const preview = z.strictObject({
  taskId: text,
  state: text,
  createdAt: text,
  updatedAt: text,
  completedAt: text,
  taskType: text,
  /** The beginning of the content; null if it is missing, or too long to be read for its beginning. */
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

/** How many tasks to delete there are for a reason. */
const reasonCount = taskFindingSchema.omit({ value: true }).extend({ tasks: count });

const result = z.strictObject({
  /** Task hashes. */
  totalTasks: count,
  /** Keys under `task:` that are not a hash: no tasks, but suspicious. */
  wrongType: count,
  /** Other programs' hashes under `task:`: without any field of a task, and without a task's id as their name. */
  unrelated: count,
  /** Defective tasks, without those in use. */
  defective: count,
  suspicious: count,
  /** Kept, because a live worker or an unacknowledged message may still write to them. */
  inUse: count,
  /** All defective tasks, and everything else that was included. */
  toDelete: count,
  /** Only suspicious, and not included. */
  kept: count,
  deleted: count,
  /** Were gone already when their turn came. */
  gone: count,
  /** Had changed since they were judged, and were left alone. */
  changed: count,
  /** Were not reached. */
  left: count,
  /** What was deleted with the tasks. */
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
/** What became of a task that was to be deleted; `changed`: it differs from what was judged, and was left alone. */
export type DeleteOutcome = z.output<typeof deleteOutcome>;
