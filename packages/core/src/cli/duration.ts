import { AtfError } from '../errors.js';
import { withoutLogin } from '../redis/redis-url.js';

const MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LONGEST_MS = 36_500 * MS.d;

/**
 * Reads a duration such as `90s`, `15m`, `2h` or `7d`, in milliseconds: at most a hundred years, so that a date before now
 * by that much is still one that a task can have.
 * @throws AtfError `USAGE` that names the flag
 */
export function parseDuration(text: string, flag: string): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const ms = amount === undefined ? 0 : Number(amount) * MS[unit as keyof typeof MS];
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw new AtfError('USAGE', `${flag} is not a duration`, {
    why: `${JSON.stringify(withoutLogin(text))} is not a number above 0 and a unit, of at most a hundred years`,
    hint: 'Write it like 90s, 15m, 2h or 7d.',
  });
}
