import type { Micros } from '../python.js';
import { completedFields, dlqFields, llmResult, type TaskFields } from './task-shapes.js';

/** "unknown_id": deleted while its worker ran, which then wrote its last fields into the hash that was gone. */
export const unknownIdTask = (content: string, at: Micros): TaskFields =>
  completedFields(llmResult(content), at);

/** An id without a hash was popped from a queue, and the worker filed it as failed. */
export const defectiveDlqTask = (id: string, at: Micros): TaskFields =>
  dlqFields({}, { at, error: `Task ${id} not found in Redis.`, errorType: 'PermanentError' });

/** A state that this version of AsyncTaskFlow does not know. */
export const withUnknownState = (fields: TaskFields): TaskFields => ({ ...fields, state: 'ARCHIVED' });

/** The task without one of its fields, for example `state`. */
export function withoutField(fields: TaskFields, field: string): TaskFields {
  const { [field]: _, ...rest } = fields;
  return rest;
}

/** A missing date that leaked in as `datetime.min`. */
export const withYearOne = (fields: TaskFields): TaskFields => ({
  ...fields,
  created_at: '0001-01-01T00:00:00',
});

/** A date that no reader understands. */
export const withBadDate = (fields: TaskFields): TaskFields => ({ ...fields, created_at: 'yesterday' });
