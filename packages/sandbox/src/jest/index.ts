export { testCounterToolLock } from './counter-tool-lock.js';
export { testCounterToolPermissions } from './counter-tool-permissions.js';
export { until } from './until.js';
export { useFolder } from './use-folder.js';
export { type Recorded, useRecording } from './use-recording.js';
export { type TestRedis, useEmptyRedis, useRedis } from './use-redis.js';
export { type Servers, useServers } from './use-servers.js';
