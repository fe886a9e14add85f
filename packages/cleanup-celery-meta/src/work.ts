export { cleanupCeleryMeta as work } from './cleanup-celery-meta.js';
export { renderCleanupCeleryMeta as render } from './render.js';
