import { createHash } from 'node:crypto';
import { BINARY, binaryWithNotice, isErrorReply, type Redis } from './client.js';
import type { Argument, Operands, Script } from './lua-script.js';
import { readLuaSource } from './lua-source.js';
import { nameDenial } from './name-denial.js';
import { REFUSED } from './refused.js';

export type { Argument, Operands, Script };

/**
 * Reads the script in a `.lua` file beside a module, with the files that it includes. Cost: read once, at import.
 * @throws Error for a file that is missing, and for files that include each other
 */
export function loadScript(moduleUrl: string, file: string): Script {
  const source = readLuaSource(new URL(file, moduleUrl));
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

/** As {@link loadScript}, for a script that only reads: the server lets it write nothing, and asks for no right to write. */
export function loadReadingScript(moduleUrl: string, file: string): Script {
  return { ...loadScript(moduleUrl, file), reads: true };
}

/** Servers before Redis 7, which know no `EVALSHA_RO`. */
const olderServers = new WeakSet<Redis>();

/**
 * Runs a script by its SHA-1, and sends its source only if the server does not know it yet.
 * Strings in the reply are Buffers: keys and values may hold any bytes.
 * Cost: one round trip, two the first time.
 * @throws the server's error; one of a missing permission names the command and the key, from Redis 7 on
 */
export async function runScript<Reply>(client: Redis, script: Script, operands: Operands): Promise<Reply> {
  const { timer } = operands;
  if (!timer) return await run<Reply>(client, script, operands);
  return timer.replyOf(await run<[number, Reply?]>(client, timer.timed(script), operands));
}

async function run<Reply>(client: Redis, script: Script, operands: Operands): Promise<Reply> {
  const readsOnly = script.reads === true && !olderServers.has(client);
  try {
    return await evaluate<Reply>(client, script, { ...operands, readsOnly });
  } catch (error) {
    if (readsOnly && isErrorReply(error) && isCommandRefused(error)) {
      olderServers.add(client);
      return await run<Reply>(client, script, operands);
    }
    if (isErrorReply(error) && isCommandRefused(error)) throw namingCommand(error, readsOnly);
    throw await nameDenial(error, client, { script, readsOnly, ...operands });
  }
}

/** True if the server refuses the command that runs scripts, and not one that a script calls. */
function isCommandRefused({ message }: Error): boolean {
  return REFUSED.test(message) && !/script|acl_check_cmd|does not have the command/.test(message);
}

/** Proxies refuse a command without its name. */
function namingCommand(error: Error, readsOnly: boolean): Error {
  if (/evalsha/i.test(error.message)) return error;
  const reason = error.message.replace(/^ERR /, '');
  const message = `ERR the server refuses the command ${readsOnly ? 'evalsha_ro' : 'evalsha'}: ${reason}`;
  return Object.setPrototypeOf(new Error(message), Object.getPrototypeOf(error));
}

async function evaluate<Reply>(
  client: Redis,
  { source, sha1 }: Script,
  { keys = [], args = [], onReply, readsOnly }: Operands & { readsOnly: boolean },
): Promise<Reply> {
  const tail = [String(keys.length), ...keys, ...args];
  const suffix = readsOnly ? '_RO' : '';
  const options = onReply ? binaryWithNotice(onReply) : BINARY;
  try {
    return await client.sendCommand<Reply>([`EVALSHA${suffix}`, sha1, ...tail], options);
  } catch (error) {
    if (!isErrorReply(error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return await client.sendCommand<Reply>([`EVAL${suffix}`, source, ...tail], options);
  }
}
