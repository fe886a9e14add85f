import { bytesText, loadReadingScript, type Redis, runScript } from '@atf/core';

const PREVIEW_TASK = loadReadingScript(import.meta.url, './preview-task.lua');

/** How much of a value is shown, in bytes: 100 characters of any script. */
const SHOWN_BYTES = 400;
/** A longer content is not read for its beginning. */
const READABLE_BYTES = 1_000_000;

const FIELDS = ['task_id', 'state', 'created_at', 'updated_at', 'completed_at', 'task_type'] as const;

/** What a report shows of a task: each as it stands, null where it is missing. */
export interface TaskPreview {
  taskId: string | null;
  state: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  completedAt: string | null;
  taskType: string | null;
  /** The beginning of the content; null where it is missing, or too long to be read for that. */
  content: string | null;
  contentBytes: number;
}

/** Reads what a report shows of a task; undefined where it is no hash. Cost: one call. */
export async function previewTask(client: Redis, key: Buffer): Promise<TaskPreview | undefined> {
  const reply = await runScript<[number, ...(Buffer | null)[]] | null>(client, PREVIEW_TASK, {
    keys: [key],
    args: [String(SHOWN_BYTES), String(READABLE_BYTES), ...FIELDS],
  });
  if (reply === null) return undefined;
  const [contentBytes, content, ...values] = reply;
  const [taskId, state, createdAt, updatedAt, completedAt, taskType] = FIELDS.map((_, i) =>
    textOf(values[i]),
  );
  return {
    taskId: taskId!,
    state: state!,
    createdAt: createdAt!,
    updatedAt: updatedAt!,
    completedAt: completedAt!,
    taskType: taskType!,
    content: textOf(content),
    contentBytes,
  };
}

/** The bytes may end in the middle of a character: what is left of it is cut off. */
function textOf(bytes: Buffer | null | undefined): string | null {
  if (!bytes) return null;
  if (bytes.length < SHOWN_BYTES) return bytesText(bytes);
  return new TextDecoder().decode(bytes).replace(/\ufffd+$/, '');
}
