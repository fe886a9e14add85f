import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

/** Any key may be a queue of the broker, so the tool reads the name and type of every key, and the messages of each queue. */
const ALL_KEYS = '%R~*';
const BROKER = mayRun('scan type hscan hexists lrange lindex lpos smembers zscore');
const INSPECTING = mayRun('time hget hmget hstrlen exists getrange pttl zscan');

/** `writer` repairs, `monitor` only reads, `broker` is the user of `--broker-url`. */
export const PERMISSIONS = {
  writer: [
    [
      ...[ALL_KEYS, '~task:*', '~tasks:*', '~dlq:tasks', '~metrics:tasks:state:*', '&queue-updates'],
      ...INSPECTING,
      ...BROKER,
      ...mayRun('incr decr hset llen lset lrem lpush zadd zrem zcard publish'),
      ...WRITING,
      ...READING,
    ],
  ],
  monitor: [[ALL_KEYS, ...INSPECTING, ...BROKER, ...READING]],
  broker: [[ALL_KEYS, ...BROKER, ...READING]],
} as const satisfies Permissions;

/** The rules that a repair needs. */
export const RULES: readonly string[] = PERMISSIONS.writer[0];
