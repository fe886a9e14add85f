export { countTasks } from './count-tasks.js';
export { type CountTasksResult, countTasksReportSchema } from './schema.js';
