export {
  type InitializeCountersOptions,
  type InitializeCountersResult,
  initializeCounters,
} from './initialize-counters.js';
export { initializeCountersReportSchema } from './schema.js';
