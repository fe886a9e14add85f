import { mayRun, type Permissions, READING, WRITING } from '../redis/permissions.js';

const COUNTING = mayRun('dbsize scan hget exists type client|tracking');

/** Of the tools that count tasks: `writer` repairs, `monitor` only looks. */
export const COUNTER_PERMISSIONS = {
  writer: [['%R~task:*', '~metrics:tasks:state:*', ...COUNTING, '+incrby', ...WRITING, ...READING]],
  monitor: [['%R~task:*', '%R~metrics:tasks:state:*', ...COUNTING, '+get', ...READING]],
} as const satisfies Permissions;
