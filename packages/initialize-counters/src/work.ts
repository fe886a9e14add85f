export { initializeCounters as work } from './initialize-counters.js';
export { renderInitializeCounters as render } from './render.js';
