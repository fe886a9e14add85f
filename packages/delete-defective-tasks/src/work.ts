export { deleteDefectiveTasks as work } from './delete-defective-tasks.js';
export { deleteDefectiveTasksMetrics as metrics } from './metrics.js';
export { renderDeleteDefectiveTasks as render } from './render.js';
