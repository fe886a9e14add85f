import { mayRun, type Permissions, READING, WRITING } from '@atf/core';

const INSPECTING = mayRun('time scan hscan hmget hget hexists hstrlen type get pttl zscore');
/** The broker's keys may have any prefix, so these patterns also match keys of other programs. */
const TAKEN_MESSAGES = ['%R~*unacked', '%R~*unacked_index'];

/** `writer` deletes; its second line is for `--backup`. `monitor` only reads. */
export const PERMISSIONS = {
  writer: [
    [
      ...['~task:*', '~dlq:task:*', '~tasks:*', '~dlq:tasks', '~metrics:tasks:state:*'],
      ...['~worker:heartbeat:*', ...TAKEN_MESSAGES],
      ...INSPECTING,
      ...mayRun('dbsize exists decr unlink lrange lindex lset lrem zrem'),
      ...WRITING,
      ...READING,
    ],
    mayRun('info dump hgetall'),
  ],
  monitor: [['%R~task:*', '%R~worker:heartbeat:*', ...TAKEN_MESSAGES, ...INSPECTING, ...READING]],
} as const satisfies Permissions;

/** The rules that a run with deletions needs. */
export function rulesOf({ saves }: { saves: boolean }): string[] {
  const [always, saving] = PERMISSIONS.writer;
  return [...always, ...(saves ? saving : [])];
}
