import type { Deps } from '@atf/core';

/** A difference that is worth a warning. */
const SKEW_SECONDS = 60;

/**
 * By how many seconds this clock is ahead of the server's; null where that is no more than a minute. All ages are judged by
 * this clock. Cost: one call.
 */
export async function clockSkew({ target, now }: Pick<Deps, 'target' | 'now'>): Promise<number | null> {
  const [seconds] = await target.primaries[0].sendCommand<[string, string]>(['TIME']);
  const skew = Math.round(now().getTime() / 1000 - Number(seconds));
  return Math.abs(skew) > SKEW_SECONDS ? skew : null;
}
