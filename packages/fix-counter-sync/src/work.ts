export { fixCounterSync as work } from './fix-counter-sync.js';
export { fixCounterSyncMetrics as metrics } from './metrics.js';
export { renderFixCounterSync as render } from './render.js';
