export { type CleanupCeleryMetaOptions, cleanupCeleryMeta } from './cleanup-celery-meta.js';
export type { CleanupCeleryMetaResult } from './result.js';
export { cleanupCeleryMetaReportSchema } from './schema.js';
