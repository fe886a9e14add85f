import { setTimeout as sleep } from 'node:timers/promises';

const BETWEEN_LOOKS_MS = 5;

/** Resolves once the condition holds, however long that takes: the test's own time limit ends a wait in vain. */
export async function until(holds: () => unknown): Promise<void> {
  while (!(await holds())) await sleep(BETWEEN_LOOKS_MS);
}
