import { AtfError, type Deps } from '@atf/core';

/** A difference that is worth a warning. */
const SKEW_SECONDS = 60;

/**
 * By how many seconds this clock is ahead of the server's; null where that is no more than a minute. All ages are judged by
 * this clock. Cost: one call.
 */
export async function clockSkew({ target, now }: Pick<Deps, 'target' | 'now'>): Promise<number | null> {
  const [seconds] = await target.client.sendCommand<[string, string]>(['TIME']);
  const skew = Math.round(now().getTime() / 1000 - Number(seconds));
  return Math.abs(skew) > SKEW_SECONDS ? skew : null;
}

/** Refuses to repair by a clock that is too far ahead. Pure. @throws AtfError `GUARD` */
export function refuseClockAhead(skewSeconds: number | null, mostMs: number): void {
  if (skewSeconds === null || skewSeconds * 1000 <= mostMs) return;
  throw new AtfError('GUARD', `the clock of this machine is ${skewSeconds} s ahead of that of Redis`, {
    why: 'tasks look older by it than they are, and would be put back while they run',
    hint: 'Set the clocks right; --dry-run shows what would be done.',
  });
}
