export { type InitializeCountersOptions, initializeCounters } from './initialize-counters.js';
export { type InitializeCountersResult, initializeCountersReportSchema } from './schema.js';
