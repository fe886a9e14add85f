export { resetRedisMetrics as metrics } from './metrics.js';
export { renderResetRedis as render } from './render.js';
export { resetRedis as work } from './reset-redis.js';
