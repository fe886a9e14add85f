import { describeTarget, keyName, plainText, type Target, taskFindingText } from '@atf/core';
import type { Survey } from './survey.js';
import { reasonsOf } from './suspect.js';

const SHOWN = 20;

/** What the operator is shown before the question. Cost: one DBSIZE. */
export async function confirmationLines(
  target: Target,
  { condemned, totalTasks }: Survey,
): Promise<string[]> {
  const keys = Number(await target.client.dbSize());
  const more = condemned.length - SHOWN;
  return [
    `Target: ${describeTarget(target.description)}, ${keys} keys, ${totalTasks} tasks`,
    `To delete, with every reference: ${condemned.length} tasks`,
    ...condemned
      .slice(0, SHOWN)
      .map(
        ({ key, verdict, findings }) =>
          `  ${plainText(keyName(key))}: ${reasonsOf({ verdict, findings }).map(taskFindingText).join('; ')}`,
      ),
    ...(more > 0 ? [`  … and ${more} more (--dry-run shows them)`] : []),
  ];
}
