export { cleanupCeleryMeta as work } from './cleanup-celery-meta.js';
export { cleanupCeleryMetaMetrics as metrics } from './metrics.js';
export { renderCleanupCeleryMeta as render } from './render.js';
