import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

const LOOKING = mayRun('time scan hscan hmget hget hexists hstrlen type get pttl zscore');
/** Other programs' keys of that name too: a prefix of the broker's keys is a setting. */
const TAKEN_MESSAGES = ['%R~*unacked', '%R~*unacked_index'];

/** `writer` deletes; its second line is for `--backup`. `monitor` only looks. */
export const PERMISSIONS = {
  writer: [
    [
      ...['~task:*', '~dlq:task:*', '~tasks:*', '~dlq:tasks', '~metrics:tasks:state:*'],
      ...['~worker:heartbeat:*', ...TAKEN_MESSAGES],
      ...LOOKING,
      ...mayRun('dbsize exists decr unlink lrange lindex lset lrem zrem'),
      ...WRITING,
      ...READING,
    ],
    mayRun('info dump hgetall'),
  ],
  monitor: [['%R~task:*', '%R~worker:heartbeat:*', ...TAKEN_MESSAGES, ...LOOKING, ...READING]],
} as const satisfies Permissions;

/** What a run that deletes needs. */
export function rulesOf({ saves }: { saves: boolean }): string[] {
  const [always, saving] = PERMISSIONS.writer;
  return [...always, ...(saves ? saving : [])];
}
