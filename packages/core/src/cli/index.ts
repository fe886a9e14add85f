export { AtfError } from '../errors.js';
export { SUSPICIOUS_CODES } from '../model/task-rules.js';
export { parseRedisUrl } from '../redis/redis-url.js';
export { DESTRUCTIVE_FLAGS } from './destructive-flags.js';
export { parseDuration } from './duration.js';
export { runTool } from './run-tool.js';
export type { Style } from './style.js';
export type { CommonOptions, FlagDefinition, FlagValues, Tool, ToolWork } from './tool.js';
