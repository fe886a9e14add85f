import { mayRun, type Permissions, READING, TRACKING, WRITING } from '@atf/core';

const LOOKING = mayRun('dbsize exists scan type getrange pttl');
const FLUSH_NEEDS_NOT = ['+type', '+unlink'];

/** `writer` deletes; its second line is for `--scope db` without a backup, its third for `--backup`. `monitor` only looks. */
export const PERMISSIONS = {
  writer: [
    ['~*', ...LOOKING, '+unlink', ...WRITING.filter((rule) => !rule.startsWith('~')), ...READING],
    mayRun('flushdb'),
    mayRun('dump time info hgetall smembers llen lrange zcard zrange'),
  ],
  monitor: [
    ['%R~*', ...LOOKING, ...mayRun('memory|usage llen zcard hlen hget get'), ...TRACKING, ...READING],
  ],
} as const satisfies Permissions;

/** What a run that deletes needs. */
export function rulesOf({ flushes, saves }: { flushes: boolean; saves: boolean }): string[] {
  const [always, flushing, saving] = PERMISSIONS.writer;
  if (saves) return [...always, ...saving];
  return flushes ? [...always.filter((rule) => !FLUSH_NEEDS_NOT.includes(rule)), ...flushing] : [...always];
}
