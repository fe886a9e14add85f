import { BINARY, type Redis } from '@atf/core';

/** Type and content of every key of a database, byte for byte; keys in latin1. */
export type Dump = Map<string, string>;

export async function dumpOf(client: Redis): Promise<Dump> {
  const dump: Dump = new Map();
  let cursor = '0';
  do {
    const [next, keys] = await client.sendCommand<[Buffer, Buffer[]]>(
      ['SCAN', cursor, 'COUNT', '1000'],
      BINARY,
    );
    cursor = next.toString();
    if (keys.length === 0) continue;
    const digests = await client.sendCommand<string[]>(['DEBUG', 'DIGEST-VALUE', ...keys]);
    const types = await Promise.all(keys.map((key) => client.sendCommand<string>(['TYPE', key])));
    keys.forEach((key, i) => {
      dump.set(key.toString('latin1'), `${types[i]} ${digests[i]}`);
    });
  } while (cursor !== '0');
  return dump;
}

/** The keys that are gone, new, or of another content. */
export function differences(before: Dump, after: Dump): { gone: string[]; changed: string[] } {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return {
    gone: names.filter((key) => !after.has(key)).sort(),
    changed: names.filter((key) => after.has(key) && after.get(key) !== before.get(key)).sort(),
  };
}
