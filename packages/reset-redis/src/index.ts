export type { ResetRedisOptions, Scope } from './options.js';
export { resetRedis } from './reset-redis.js';
export type { ReportedDeletion, ResetRedisResult } from './result.js';
export { resetRedisReportSchema } from './schema.js';
