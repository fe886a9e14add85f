import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

const COMPARING = mayRun('info dump type time get hget hgetall smembers llen zrange zcard zscore lrange');

/** `writer` puts back, `monitor` only looks. */
export const PERMISSIONS = {
  writer: [
    [
      '~*',
      ...COMPARING,
      ...mayRun('dbsize restore exists incrby zadd rpush ltrim'),
      ...WRITING.filter((rule) => rule !== '+get' && !rule.startsWith('~')),
      ...READING,
    ],
  ],
  monitor: [['%R~*', ...COMPARING, ...READING]],
} as const satisfies Permissions;

/** What a run that restores needs, without `~*`: the server checks the keys, which are handed to each script. */
export const RULES: readonly string[] = PERMISSIONS.writer[0].filter((rule) => rule !== '~*');
