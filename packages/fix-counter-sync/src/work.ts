export { fixCounterSync as work } from './fix-counter-sync.js';
export { renderFixCounterSync as render } from './render.js';
