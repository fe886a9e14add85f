import { type Deps, openTaskCounter, tasksInCounts, type Work } from '@atf/core';
import type { CountTasksResult } from './schema.js';

/**
 * Counts the tasks at one moment. It is exact while workers go on. Cost: one call for some hundreds of keys of the database.
 * @throws AtfError `UNSTABLE` if there is no exact answer; and the errors of Redis
 */
export async function countTasks(deps: Deps): Promise<Work<CountTasksResult>> {
  const taskCounter = openTaskCounter(deps);
  try {
    const { counts } = await taskCounter.take();
    return { outcome: 'clean', result: { tasks: tasksInCounts(counts) } };
  } finally {
    await taskCounter.close();
  }
}
