import { plainText } from '../model/plain-text.js';
import { BINARY, isErrorReply, type Redis } from './client.js';
import type { Operands, Script } from './lua-script.js';
import { readLuaSource } from './lua-source.js';

const NAMING_CALLS = readLuaSource(new URL('./naming-calls.lua', import.meta.url));
const DENIED_KEY = readLuaSource(new URL('./denied-key.lua', import.meta.url));

/** How Redis says that a script, or the command that runs it, lacks a permission. */
export const DENIAL =
  /^NOPERM|ACL failure in script|can't run this command|can't access at least one of the keys/;
/** A command that the script calls and that the server does not have: by that name, if it was renamed. */
const NOT_THERE = /unknown (redis )?command called|invalid command passed to/i;
const EXPLAINED = /this user has no permission to|this server does not have the command/;
/** The command that runs the script is refused, and named. */
const NAMED = /^NOPERM .*no permissions? to run/;

/**
 * An error of a script that lacks a permission says neither which command nor which key. Asks the server and returns an
 * error that does: the keys are asked for, then the script is run again to where it was refused, in a way in which it
 * cannot write. Any other error, and one that cannot be explained (before Redis 7), is returned as it is. Cost: two calls.
 */
export async function nameDenial(
  error: unknown,
  client: Redis,
  { script, readsOnly, keys = [], args = [] }: Operands & { script: Script; readsOnly: boolean },
): Promise<unknown> {
  if (!isErrorReply(error) || NAMED.test(error.message) || EXPLAINED.test(error.message)) return error;
  if (!DENIAL.test(error.message) && !NOT_THERE.test(error.message)) return error;
  const say = (message: string) => Object.setPrototypeOf(new Error(message), Object.getPrototypeOf(error));
  const command = readsOnly ? 'EVALSHA_RO' : 'EVALSHA';
  try {
    const denied = await client.sendCommand<Buffer | null>(
      ['EVAL_RO', DENIED_KEY, '0', command, script.sha1, ...keys],
      BINARY,
    );
    if (denied) {
      const how = readsOnly ? 'read' : 'read and write';
      return say(`NOPERM this user has no permission to ${how} the key ${plainText(denied.toString())}`);
    }
    const source = `${NAMING_CALLS}\n${script.source}`;
    await client.sendCommand(['EVAL_RO', source, String(keys.length), ...keys, ...args], BINARY);
  } catch (explanation) {
    if (isErrorReply(explanation) && EXPLAINED.test(explanation.message)) {
      return say(explanation.message.replace(/ script: (\w+, )?on .*$/s, ''));
    }
  }
  return error;
}
