import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

const LOOKING = mayRun('dbsize scan type pttl getrange strlen get');
/** For the estimate of the memory. A run can do without. */
const MEASURING = mayRun('memory|usage');

/** `writer` deletes; its second line is for the estimate, its third for `--backup`. `monitor` only looks. */
export const PERMISSIONS = {
  writer: [
    ['~celery-task-meta-*', ...LOOKING, ...WRITING, ...READING, ...mayRun('exists unlink')],
    MEASURING,
    mayRun('info dump time'),
  ],
  monitor: [['%R~celery-task-meta-*', ...LOOKING, ...READING], MEASURING],
} as const satisfies Permissions;

/** What a run that deletes needs. */
export function rulesOf({ saves }: { saves: boolean }): string[] {
  const [always, , saving] = PERMISSIONS.writer;
  return [...always, ...(saves ? saving : [])];
}
