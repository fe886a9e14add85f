export { type DeleteDefectiveTasksOptions, deleteDefectiveTasks } from './delete-defective-tasks.js';
export { INCLUDABLE, type Includable } from './options.js';
export type { TaskPreview } from './preview-task.js';
export type { DeleteDefectiveTasksResult, ReportedTask } from './result.js';
export { deleteDefectiveTasksReportSchema } from './schema.js';
