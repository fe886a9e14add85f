import { serverMajorVersion } from './redis-binary.js';
import type { SandboxClient } from './redis-client.js';
import type { SandboxRedis } from './redis-server.js';

const PASSWORD = 'password';

/** A user who lacks one permission. */
export interface LackingUser {
  /** Which, for the title of a test: `+get`, `~task:*`, `write on ~task:*`. */
  lacks: string;
  rules: string[];
  /** What the error must name: the command, or the beginning of the key. */
  names: RegExp;
}

/** What a run can do without. */
const DISPENSABLE = ['+ping', '+info', '+wait'];

/**
 * Each user who has one permission less: one for each command, and for each key pattern one without it, one who may only
 * read there, and one who may only write. What a run can do without is left out, and so is `except`. Newer servers have a
 * clock in scripts, so that many runs can do without `+time` there.
 */
export function usersLackingOne(
  rules: readonly string[],
  { except = [] }: { except?: readonly string[] } = {},
): LackingUser[] {
  return rules.flatMap((rule) => {
    if (
      DISPENSABLE.includes(rule) ||
      except.includes(rule) ||
      (rule === '+time' && serverMajorVersion() >= 8)
    )
      return [];
    const instead = (...replacement: string[]) =>
      rules.flatMap((other) => (other === rule ? replacement : [other]));
    const names = new RegExp(nameOf(rule).replace(/[|.*+?()[\]\\]/g, '\\$&'), 'i');
    const without = { lacks: rule, rules: instead(), names };
    if (!rule.startsWith('~')) return [without];
    return [
      without,
      { lacks: `write on ${rule}`, rules: instead(`%R${rule}`), names },
      { lacks: `read on ${rule}`, rules: instead(`%W${rule}`), names },
    ];
  });
}

/** What stands for a rule in an error: `get` for `+get`, `updates` for `&updates`, `task:` for `~task:*` and `%R~task:*`. */
function nameOf(rule: string): string {
  return rule.replace(/^(\+|&|(%R)?~\*?)/, '').replace(/\*$/, '');
}

/** Makes a user who has these rules and no others, and returns the URL for it. */
export async function allowUser(
  { client, redis }: { client: SandboxClient; redis: SandboxRedis },
  user: string,
  rules: readonly string[],
): Promise<string> {
  await client.sendCommand(['ACL', 'SETUSER', user, 'reset', 'on', `>${PASSWORD}`, ...rules]);
  return `redis://${user}:${PASSWORD}@127.0.0.1:${redis.port}/0`;
}
