import type { Deps } from '../deps.js';

/**
 * The clock of Redis: every age is computed by it, because this machine's clock may be wrong. It never runs ahead of Redis': it
 * lags by the time that the answer was under way. Cost: one call.
 */
export async function serverClock({ target }: Pick<Deps, 'target'>): Promise<() => Date> {
  const [seconds, micros] = await target.client.sendCommand<[string, string]>(['TIME']);
  const startedAt = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000) - performance.now();
  return () => new Date(startedAt + performance.now());
}
