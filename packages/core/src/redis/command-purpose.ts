/** What the tools need commands for. */
const PURPOSES: readonly [commands: string, purpose: string][] = [
  ['eval evalsha eval_ro evalsha_ro script|load', 'run scripts'],
  ['scan', 'find keys'],
  ['memory|usage memory', 'estimate memory'],
  ['client|tracking client', 'count tasks while they change'],
  ['info role hello', 'learn what the server is'],
  ['select', 'choose the database'],
  ['wait', 'let a replica confirm the work'],
  ['dump', 'save keys'],
  ['restore', 'put keys back'],
  ['unlink del flushdb', 'delete keys'],
  ['publish', 'tell the dashboard'],
  ['sentinel', 'find the primary'],
  ['set pexpire', 'hold the maintenance lock and write counters'],
  ['hset lpush rpush lset lrem ltrim zadd zrem incr incrby decr', 'write tasks, queues and counters'],
  [
    'get getrange strlen hget hmget hgetall hstrlen hscan exists type pttl lrange lindex llen smembers zscore zscan zcard zrange dbsize time xread',
    'read tasks, queues and counters',
  ],
];

const NAMED_COMMAND = /\b(?:run|command|subcommand)\s+(?:the\s+)?['`"]?([a-z][\w|]*)/i;

/** ` (it is needed to …)` for the command that an error names. Empty if it names none. */
export function purposeIn(text: string): string {
  const command = NAMED_COMMAND.exec(text)?.[1]?.toLowerCase();
  const purpose = PURPOSES.find(([commands]) => commands.split(' ').includes(command ?? ''))?.[1];
  return purpose === undefined ? '' : ` (it is needed to ${purpose})`;
}

/** An error reply without what the server adds about a script: its line, its hash, and Lua's own words around them. */
export function withoutScriptNoise(text: string): string {
  return text
    .replace(/^ERR Error running script \(call to \w+\): /, '')
    .replace(/ script: (\w+, )?on @user_script:\d+\.?\s*$/s, '')
    .replace(/^(-?ERR )?(@?\s*user_script:\s*\d+:\s*-?)+/, '')
    .replace(/^(ERR|NOPERM) /, '')
    .replace(/^ACL failure in script: /, '')
    .trim();
}
