import { type BackupHeader, type Deps, describeTarget, plainText } from '@atf/core';

/**
 * Asks before what exists is overwritten. Cost: one call.
 * @throws AtfError `NOT_CONFIRMED`
 */
export async function confirmReplacing(
  { target, confirm }: Deps,
  file: string,
  header: BackupHeader,
): Promise<void> {
  const keys = await target.client.dbSize();
  await confirm([
    `${describeTarget(target.description)} holds ${keys} keys.`,
    `What the backup ${plainText(file)} of ${plainText(header.createdAt)} from ${plainText(header.target)} has is put back.`,
    'Keys of the same names that hold something else now are replaced; what they hold is lost.',
    'That goes for queues too: entries that came since the backup are lost, and their tasks are in no queue then.',
    'Counters are moved along with each task that is put back; a counter saved as a key of its own is not overwritten.',
    'Run fix-counter-sync afterwards.',
  ]);
}
