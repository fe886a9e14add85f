export type { ResetRedisOptions, Scope } from './options.js';
export { resetRedis } from './reset-redis.js';
export { type ReportedDeletion, type ResetRedisResult, resetRedisReportSchema } from './schema.js';
