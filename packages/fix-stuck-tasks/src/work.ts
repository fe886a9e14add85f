export { fixStuckTasks as work } from './fix-stuck-tasks.js';
export { fixStuckTasksMetrics as metrics } from './metrics.js';
export { renderFixStuckTasks as render } from './render.js';
