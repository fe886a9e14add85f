import { activeTask, MINUTE, microsOf, pendingTask, type TaskFields } from '@atf/sandbox';

/** For `seedAsyncTaskFlow`: so many of each fault that this tool repairs. */
export const EVERY_FAULT = {
  stuckActive: 23,
  orphanedPending: 17,
  overdueScheduled: 19,
  orphanedScheduled: 13,
  orphanedDlq: 11,
  ghostEntry: 16,
  staleEntry: 18,
  duplicateEntry: 9,
};

const old = () => microsOf(new Date()) - 134 * MINUTE;

export const stuck = (id: string): TaskFields =>
  activeTask({ id, content: 'text', createdAt: old() }, { workerId: 'dead', startedAt: old() });
export const pending = (id: string): TaskFields => pendingTask({ id, content: 'text', createdAt: old() });
export const completed = (id: string): TaskFields => ({ ...stuck(id), state: 'COMPLETED' });
