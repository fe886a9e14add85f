import { bytesText, loadReadingScript, type Redis, runScript } from '@atf/core';
import type { TaskPreview } from '../schema.js';

const PREVIEW_TASK = loadReadingScript(import.meta.url, './preview-task.lua');

/** How much of a value is shown, in bytes: 100 characters of any script. */
const SHOWN_BYTES = 400;
/** The preview of a longer content is null. */
const READABLE_BYTES = 1_000_000;

const FIELDS = ['task_id', 'state', 'created_at', 'updated_at', 'completed_at', 'task_type'] as const;

/** Reads what a report shows of a task; null if it is not a hash. Cost: one call. */
export async function previewTask(client: Redis, key: Buffer): Promise<TaskPreview | null> {
  const reply = await runScript<[number, ...(Buffer | null)[]] | null>(client, PREVIEW_TASK, {
    keys: [key],
    args: [String(SHOWN_BYTES), String(READABLE_BYTES), ...FIELDS],
  });
  if (reply === null) return null;
  const [contentBytes, content, ...values] = reply;
  const value = (field: (typeof FIELDS)[number]) => textOf(values[FIELDS.indexOf(field)]);
  return {
    taskId: value('task_id'),
    state: value('state'),
    createdAt: value('created_at'),
    updatedAt: value('updated_at'),
    completedAt: value('completed_at'),
    taskType: value('task_type'),
    content: textOf(content),
    contentBytes,
  };
}

/** Drops a character that is cut off at the end of the bytes. */
function textOf(bytes: Buffer | null | undefined): string | null {
  if (!bytes) return null;
  if (bytes.length < SHOWN_BYTES) return bytesText(bytes);
  return new TextDecoder().decode(bytes).replace(/\ufffd+$/, '');
}
