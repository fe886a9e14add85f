import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BINARY, isErrorReply, type Redis } from './client.js';

/** A Lua script and the SHA-1 by which the server knows it. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

/** Byte strings and text, as Redis takes them. */
export type Argument = string | Buffer;

/**
 * Reads a script from the `.lua` files beside a module, shared heads first; a head may also be a script that was loaded
 * elsewhere. Cost: read once, at import.
 */
export function loadScript(moduleUrl: string, ...parts: (string | Pick<Script, 'source'>)[]): Script {
  const sources = parts.map((part) =>
    typeof part === 'string' ? readFileSync(new URL(part, moduleUrl), 'utf8') : part.source,
  );
  const source = sources.join('\n');
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

/**
 * Runs a script by its SHA-1, and sends its source only where the server does not know it yet.
 * Strings in the reply are Buffers: keys and values may hold any bytes.
 * Cost: one round trip, two the first time.
 */
export async function runScript<Reply>(
  client: Redis,
  script: Script,
  { keys = [], args = [] }: { keys?: readonly Argument[]; args?: readonly Argument[] },
): Promise<Reply> {
  const tail = [String(keys.length), ...keys, ...args];
  try {
    return await client.sendCommand<Reply>(['EVALSHA', script.sha1, ...tail], BINARY);
  } catch (error) {
    if (!isErrorReply(error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return await client.sendCommand<Reply>(['EVAL', script.source, ...tail], BINARY);
  }
}
