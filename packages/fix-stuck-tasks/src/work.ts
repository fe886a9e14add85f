export { fixStuckTasks as work } from './fix-stuck-tasks.js';
export { renderFixStuckTasks as render } from './render.js';
