import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

const BROKER = ['%R~celery*', '%R~unacked*', '%R~_kombu.binding.*'];
const LOOKING = mayRun('time scan hget hmget hstrlen exists type getrange pttl lrange zscan zscore');
const FIXING = [
  ...[
    '~task:*',
    '%R~dlq:task:*',
    '~tasks:*',
    '~dlq:tasks',
    '~metrics:tasks:state:*',
    '%R~worker:heartbeat:*',
  ],
  '&queue-updates',
  ...LOOKING,
  ...mayRun('incr decr hset lindex llen lset lrem lpush zadd zrem zcard publish'),
  ...WRITING,
  ...READING,
];

/** `writer` repairs, `monitor` only looks, `broker` is the user of `--broker-url`. */
export const PERMISSIONS = {
  writer: [[...FIXING, ...BROKER, '+hscan']],
  monitor: [
    [
      ...['%R~task:*', '%R~dlq:task:*', '%R~tasks:*', '%R~dlq:tasks', '%R~worker:heartbeat:*'],
      ...LOOKING,
      ...READING,
      ...BROKER,
      '+hscan',
    ],
  ],
  broker: [[...BROKER, ...mayRun('exists type lrange hscan'), ...READING]],
} as const satisfies Permissions;

/** What a repair needs where the tasks are: the broker's keys have been read by then. */
export const RULES: readonly string[] = FIXING;
