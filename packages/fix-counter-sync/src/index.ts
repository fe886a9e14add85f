export { type FixCounterSyncOptions, type FixCounterSyncResult, fixCounterSync } from './fix-counter-sync.js';
export { fixCounterSyncReportSchema } from './schema.js';
