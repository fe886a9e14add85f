export type { Obstacle, Repair } from './detect/finding.js';
export { type FixStuckTasksOptions, fixStuckTasks } from './fix-stuck-tasks.js';
export { KINDS, type Kind } from './kinds.js';
export { INCLUDABLE, type Includable } from './options.js';
export {
  type FixStuckTasksResult,
  fixStuckTasksReportSchema,
  type KindCounts,
  type ReportedFinding,
} from './schema.js';
