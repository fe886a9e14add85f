export { type DeleteDefectiveTasksOptions, deleteDefectiveTasks } from './delete-defective-tasks.js';
export { INCLUDABLE, type Includable } from './options.js';
export {
  type DeleteDefectiveTasksResult,
  deleteDefectiveTasksReportSchema,
  type ReportedTask,
  type TaskPreview,
} from './schema.js';
