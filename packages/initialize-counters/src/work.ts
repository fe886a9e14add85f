export { initializeCounters as work } from './initialize-counters.js';
export { initializeCountersMetrics as metrics } from './metrics.js';
export { renderInitializeCounters as render } from './render.js';
