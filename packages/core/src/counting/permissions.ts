import { mayRun, type Permissions, READING, WRITING } from '../redis/permissions.js';

const COUNTING = mayRun('dbsize scan hget exists type pttl');
/**
 * Only a count of more than 5,000 keys needs these. Without them, one script counts up to 100,000 keys. CLIENT ID and
 * CLIENT UNBLOCK only make such a count faster under traffic.
 */
export const TRACKING = [
  '&atf:counting',
  ...mayRun('client|tracking client|id client|unblock subscribe xread'),
];

/** Of the tools that count tasks: `writer` repairs, `monitor` only looks. */
export const COUNTER_PERMISSIONS = {
  writer: [
    ['%R~task:*', '~metrics:tasks:state:*', ...COUNTING, ...TRACKING, '+incrby', ...WRITING, ...READING],
  ],
  monitor: [['%R~task:*', '%R~metrics:tasks:state:*', ...COUNTING, ...TRACKING, '+get', ...READING]],
} as const satisfies Permissions;
