import { counted, describeTarget, keyName, plainText, type Target, taskFindingText } from '@atf/core';
import { reasonsOf } from './detect/candidate.js';
import type { Survey } from './detect/survey.js';

const SHOWN = 20;

/** The lines above the question: the target and what will be deleted. Cost: one DBSIZE. */
export async function confirmationLines(
  { client, description }: Target,
  { counts: { toDelete, totalTasks }, firstToDelete }: Survey,
): Promise<string[]> {
  const keys = Number(await client.dbSize());
  const more = toDelete - SHOWN;
  return [
    `Target: ${describeTarget(description)}, ${counted(keys, 'key')}, ${counted(totalTasks, 'task')}`,
    `To delete, with every reference: ${counted(toDelete, 'task')}`,
    ...firstToDelete.slice(0, SHOWN).map((candidate) => {
      return `  ${plainText(keyName(candidate.key))}: ${reasonsOf(candidate).map(taskFindingText).join('; ')}`;
    }),
    ...(more > 0 ? [`  … and ${more} more (--dry-run shows them)`] : []),
  ];
}
