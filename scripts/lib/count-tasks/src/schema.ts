import { reportSchema } from '@atf/core';
import * as z from 'zod';

const resultSchema = z.strictObject({
  /** How many tasks there are, in any state. */
  tasks: z.int().nonnegative(),
});
export type CountTasksResult = z.output<typeof resultSchema>;

/** Schema of what `count-tasks --json` prints. */
export const countTasksReportSchema = reportSchema('count-tasks', resultSchema);
