import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

const INSPECTING = mayRun('dbsize scan type pttl getrange strlen get');
/** For the estimate of the memory. Without this permission, a run reports the memory as unknown. */
const MEASURING = mayRun('memory|usage');

/** `writer` deletes; its second line is for the estimate, its third for `--backup`. `monitor` only reads. */
export const PERMISSIONS = {
  writer: [
    ['~celery-task-meta-*', ...INSPECTING, ...WRITING, ...READING, ...mayRun('exists unlink')],
    MEASURING,
    mayRun('dump'),
  ],
  monitor: [['%R~celery-task-meta-*', ...INSPECTING, ...READING], MEASURING],
} as const satisfies Permissions;

/** The rules that a run with deletions needs. */
export function rulesOf({ saves }: { saves: boolean }): string[] {
  const [always, , saving] = PERMISSIONS.writer;
  return [...always, ...(saves ? saving : [])];
}
