import { counted } from '@atf/core';
import type { CountTasksResult } from './schema.js';

/** The report as text. */
export function renderCountTasks({ result }: { result: CountTasksResult }): string[] {
  return [`📊 Found ${counted(result.tasks, 'task')}`];
}
