import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

const LOOKING = mayRun('scan type pttl memory|usage');

/** `writer` deletes; its second line is for `--older-than` and `--backup`, its third for `--backup`. `monitor` only looks. */
export const PERMISSIONS = {
  writer: [
    ['~celery-task-meta-*', ...LOOKING, ...WRITING, ...READING, ...mayRun('dbsize unlink')],
    mayRun('exists strlen'),
    mayRun('info dump time'),
  ],
  monitor: [['%R~celery-task-meta-*', ...LOOKING, ...READING], mayRun('get strlen')],
} as const satisfies Permissions;

/** What a run that deletes needs. */
export function rulesOf({ selects, saves }: { selects: boolean; saves: boolean }): string[] {
  const [always, selecting, saving] = PERMISSIONS.writer;
  return [...always, ...(selects || saves ? selecting : []), ...(saves ? saving : [])];
}
