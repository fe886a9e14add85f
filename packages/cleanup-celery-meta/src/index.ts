export { type CleanupCeleryMetaOptions, cleanupCeleryMeta } from './cleanup-celery-meta.js';
export { type CleanupCeleryMetaResult, cleanupCeleryMetaReportSchema } from './schema.js';
