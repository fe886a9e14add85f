import { MAINTENANCE_LOCK_KEY } from './lock-holder.js';

/**
 * What the Redis users of a tool may do, in the words of `ACL SETUSER`. Each role lists what every run needs,
 * and then what a flag needs besides. The README's lines, the check before the first write and the tests are made of it.
 */
export type Permissions = Readonly<Record<string, readonly (readonly string[])[]>>;

/** `+get +set` from `get set`. */
export const mayRun = (commands: string): string[] => commands.split(' ').map((name) => `+${name}`);

/** What each user needs who reads: all reading is done by scripts. */
export const READING = mayRun('ping info time eval_ro evalsha_ro');
/** What each user needs who writes, beside {@link READING}: scripts, and the maintenance lock. */
export const WRITING = [`~${MAINTENANCE_LOCK_KEY}`, ...mayRun('get set pexpire del eval evalsha wait')];

/** A run can do without these, or notices by itself that they are missing before it writes. */
const NOT_CHECKED = [
  ...mayRun('ping info wait memory|usage eval_ro evalsha_ro'),
  ...mayRun('client|tracking client|id client|unblock subscribe xread'),
  '&atf:counting',
];

/** The rules as `missing-permission.lua` checks them. A pattern such as `task:*` is checked with the key `task:`, and `*` with the key `*`. */
export function checkedRules(rules: readonly string[]): string {
  return rules
    .filter((rule) => !NOT_CHECKED.includes(rule))
    .map((rule) => rule.replace(/(?<!~)\*$/, ''))
    .join(' ');
}

/** The same rules for Redis before 7.0, which has neither `%R~` nor EVAL_RO. A user who may read all keys is allowed all. */
export function rulesBefore7(rules: readonly string[]): string[] {
  const words = rules.map((rule) => rule.replace('%R~', '~').replace(/^\+(eval|evalsha)_ro$/, '+$1'));
  return words.includes('~*') ? words.filter((rule) => rule === '~*' || !rule.startsWith('~')) : words;
}

/** The lines that make a user with these permissions, as the README shows them: keys first, then commands. */
export function aclLines(user: string, permissions: readonly (readonly string[])[]): string[] {
  const isCommand = (rule: string) => Number(rule.startsWith('+'));
  return permissions.map((rules, i) => {
    const sorted = [...new Set(rules)].sort((a, b) => isCommand(a) - isCommand(b));
    return ['ACL SETUSER', user, ...(i === 0 ? ['on', '>password'] : []), ...sorted].join(' ');
  });
}
