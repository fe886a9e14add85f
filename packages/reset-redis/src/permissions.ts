import { mayRun, type Permissions, READING, TRACKING, WRITING } from '@atf/core';

const WORKERS = mayRun('dbsize exists scan getrange pttl');
const INSPECTING = mayRun('type hexists lindex lrange hscan smembers');
const KEYS = mayRun('unlink llen hlen scard hdel zrem lrem');
/** For the estimate of the memory. A run can do without. */
const MEASURING = mayRun('memory|usage');
const WRITING_ANYWHERE = WRITING.filter((rule) => !rule.startsWith('~'));

/** `writer` deletes; its second line is for `--scope db` without a backup, its third for `--backup`. `monitor` only looks; its second is for the estimate. */
export const PERMISSIONS = {
  writer: [
    ['~*', ...WORKERS, ...INSPECTING, ...KEYS, ...WRITING_ANYWHERE, ...READING],
    mayRun('flushdb'),
    mayRun('dump time info hgetall zcard zrange'),
  ],
  monitor: [
    ['%R~*', ...[...WORKERS, ...INSPECTING], ...mayRun('llen zcard hlen hget get'), ...TRACKING, ...READING],
    MEASURING,
  ],
} as const satisfies Permissions;

/** What a run that deletes needs. */
export function rulesOf({ flushes, saves }: { flushes: boolean; saves: boolean }): string[] {
  const [always, flushing, saving] = PERMISSIONS.writer;
  if (saves) return [...always, ...saving];
  if (!flushes) return [...always];
  const unneeded = [...INSPECTING, ...KEYS]; // a flush looks at no key but the workers' heartbeats
  return [...always.filter((rule) => !unneeded.includes(rule)), ...flushing];
}
