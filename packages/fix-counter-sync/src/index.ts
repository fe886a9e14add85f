export { type FixCounterSyncOptions, fixCounterSync } from './fix-counter-sync.js';
export { type FixCounterSyncResult, fixCounterSyncReportSchema } from './schema.js';
