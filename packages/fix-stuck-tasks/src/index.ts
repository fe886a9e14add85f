export type { Obstacle, Repair } from './finding.js';
export { type FixStuckTasksOptions, fixStuckTasks } from './fix-stuck-tasks.js';
export { KINDS, type Kind } from './kinds.js';
export { INCLUDABLE, type Includable } from './options.js';
export type { FixStuckTasksResult, ForeignKey, KindCounts, ReportedFate, ReportedFinding } from './result.js';
export { fixStuckTasksReportSchema } from './schema.js';
