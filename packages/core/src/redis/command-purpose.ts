/** What the tools need commands for. */
const PURPOSES: readonly [commands: string, purpose: string][] = [
  ['eval evalsha eval_ro evalsha_ro script|load', 'run scripts'],
  ['scan dbsize', 'find and count keys'],
  ['memory|usage memory', 'estimate memory'],
  ['client|tracking client subscribe xread', 'count tasks while they change'],
  ['info role', 'learn what the server is'],
  ['hello', 'speak RESP3'],
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
    'get getrange strlen hget hmget hgetall hstrlen hscan exists type pttl lrange lindex llen smembers zscore zscan zcard zrange time',
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

/** Servers word a refusal differently. Before Redis 7.0, an error inside a script names neither command nor key. */
const UNNAMED = 'that the tool needs (the server does not say which)';
const REFUSALS: readonly [pattern: RegExp, words: string][] = [
  [
    /^(?:this user|User .*) has no permissions to run the '(.+?)' command/,
    'this user has no permission to run $1',
  ],
  [/^The user .* can't run this command/, `this user has no permission to run a command ${UNNAMED}`],
  [/^The user .* can't access .* the keys/, `this user has no permission to use a key ${UNNAMED}`],
  [
    /^unknown (?:sub)?command .*['`"](\w+)['`"]\. Try (\w+) HELP/i,
    'this server does not have the command $2|$1',
  ],
  [/^unknown command ['`"](\w+)/i, 'this server does not have the command $1'],
  [/^unknown (redis )?command called from/i, `this server does not have a command ${UNNAMED}`],
];

/** An error reply in plain words: without the line and the hash of a script, and without Lua's own words around them. */
export function plainReply(text: string): string {
  const reply = text
    .replace(/^ERR Error running script \(call to \w+\): /, '')
    .replace(/ script: (\w+, )?on @user_script:\d+\.?\s*$/s, '')
    .replace(/^(-?ERR )?(@?\s*user_script:\s*\d+:\s*-?)+/, '')
    .replace(/^(ERR|NOPERM|NOPROTO) /, '')
    .replace(/^ACL failure in script: /, '')
    .trim();
  const [pattern, words = ''] = REFUSALS.find(([pattern]) => pattern.test(reply)) ?? [];
  return pattern ? reply.replace(new RegExp(`${pattern.source}.*`, `${pattern.flags}s`), words) : reply;
}
