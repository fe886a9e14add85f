import { counted, describeTarget, type Target } from '@atf/core';
import { foundLines, sampleLines } from './found-lines.js';
import type { CleanupCeleryMetaResult } from './schema.js';

/** What the question shows: the target, and what is going to be deleted. Cost: one call. */
export async function confirmationLines(
  { client, description }: Target,
  result: CleanupCeleryMetaResult,
): Promise<string[]> {
  const keys = Number(await client.dbSize());
  return [
    `Target: ${describeTarget(description)}, ${counted(keys, 'key')}`,
    ...foundLines(result),
    ...sampleLines(result),
    `To delete: ${result.selected} celery-task-meta keys`,
  ];
}
