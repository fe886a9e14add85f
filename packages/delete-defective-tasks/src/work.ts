export { deleteDefectiveTasks as work } from './delete-defective-tasks.js';
export { renderDeleteDefectiveTasks as render } from './render.js';
