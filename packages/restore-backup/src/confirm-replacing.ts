import { type BackupHeader, counted, type Deps, describeTarget, plainText } from '@atf/core';

/**
 * Asks before it overwrites what exists. Cost: one call.
 * @throws AtfError `NOT_CONFIRMED`
 */
export async function confirmReplacing(
  { target, confirm }: Deps,
  file: string,
  header: BackupHeader,
): Promise<void> {
  const keys = await target.client.dbSize();
  await confirm([
    `${describeTarget(target.description)} holds ${counted(Number(keys), 'key')}.`,
    `What the backup ${plainText(file)} of ${plainText(header.createdAt)} from ${plainText(header.target)} holds is put back.`,
    'Keys of the same names that hold something else now are replaced. What they hold is lost.',
    'Queues keep their entries, and counters are only changed for the tasks that come back.',
    'Run fix-counter-sync afterwards.',
  ]);
}
