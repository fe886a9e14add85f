import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

const COMPARING = mayRun(
  'info dump type time exists get hget hgetall smembers llen zrange zcard zscore lrange',
);

/** `writer` restores; its second line is for whole queues, to find live workers. `monitor` only reads. */
export const PERMISSIONS = {
  writer: [
    [
      '~*',
      ...COMPARING,
      ...mayRun('dbsize restore incrby zadd rpush ltrim hset expire'),
      ...WRITING.filter((rule) => rule !== '+get' && !rule.startsWith('~')),
      ...READING,
    ],
    mayRun('scan getrange pttl'),
  ],
  monitor: [['%R~*', ...COMPARING, ...READING]],
} as const satisfies Permissions;

/** What a run that restores needs, without `~*`: the server checks the keys, which each script gets as KEYS. */
export const RULES: readonly string[] = PERMISSIONS.writer[0].filter((rule) => rule !== '~*');
