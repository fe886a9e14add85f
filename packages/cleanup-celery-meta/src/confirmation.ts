import { counted, describeTarget, type Target } from '@atf/core';
import { foundLines, sampleLines } from './found-lines.js';
import type { CleanupCeleryMetaResult } from './schema.js';

/** The lines above the question: the target and what will be deleted. Cost: one call. */
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
