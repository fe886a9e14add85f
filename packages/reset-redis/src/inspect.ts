import { AtfError, type Deps, openTaskCounter } from '@atf/core';
import { queueDepths } from './queues.js';
import type { Inspection, TaskCounts } from './schema.js';
import { surveyKeys } from './survey-keys.js';

/** Reads everything and writes nothing. Cost: that of `surveyKeys` and of one snapshot of the tasks. */
export async function inspect(deps: Deps): Promise<Inspection> {
  const survey = await surveyKeys(deps);
  return { ...survey, queues: await queueDepths(deps.target.client), tasks: await countTasks(deps) };
}

async function countTasks(deps: Deps): Promise<TaskCounts | null> {
  const taskCounter = openTaskCounter(deps);
  try {
    const { states, unknownState, missingState } = (await taskCounter.take()).counts;
    return { states, unknownState, missingState };
  } catch (error) {
    if (error instanceof AtfError && error.code === 'UNSTABLE') return null;
    throw error;
  } finally {
    await taskCounter.close();
  }
}
