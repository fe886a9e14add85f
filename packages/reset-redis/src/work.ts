export { renderResetRedis as render } from './render.js';
export { resetRedis as work } from './reset-redis.js';
