import { createRandom, type Random } from '@atf/sandbox';

/** True in the long run, `npm run test:long`: every command and a hundred kills instead of a few. */
export const isLong = process.env.ATF_LONG === '1';

/**
 * Seed of all that is drawn. The short run draws the same each time, so that it fails for what was changed; the long one draws
 * anew. `ATF_SEED` replays a run that failed.
 */
export const SEED = Number(process.env.ATF_SEED ?? (isLong ? Math.floor(Math.random() * 2 ** 31) : 1));

/** Draws that are the same for the same seed and name. */
export function randomFor(name: string): Random {
  let seed = SEED;
  for (const character of name) seed = Math.imul(seed ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return createRandom(seed);
}

/** Numbers from 1 to `last`, spread over them, each drawn from its own stretch; all of them where `count` is as many. */
export function spread(last: number, count: number, random: Random): number[] {
  if (count >= last) return Array.from({ length: last }, (_, i) => 1 + i);
  return Array.from({ length: count }, (_, i) => 1 + Math.floor(((i + random.next()) * last) / count));
}

/** Runs a check, and puts before its failure what it was about and how to have it again. */
export async function naming<T>(what: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    // Jest shows the stack, whose head is the message.
    if (error instanceof Error) error.stack = `ATF_SEED=${SEED}, ${what}:\n${error.stack}`;
    throw error;
  }
}
