export { countTasks as work } from './count-tasks.js';
export { countTasksMetrics as metrics } from './metrics.js';
export { renderCountTasks as render } from './render.js';
