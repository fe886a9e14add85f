import type { Deps } from '@atf/core';
import type { Deletion } from './deletion.js';

/** Empties this database, and no other one; memory is freed in another thread. Cost: two calls. */
export async function flushDatabase({ target, signal }: Deps, deletion: Deletion): Promise<void> {
  const [client] = target.primaries;
  const keys = Number(await client.dbSize());
  signal.throwIfAborted();
  deletion.underWay = keys;
  await client.sendCommand(['FLUSHDB', 'ASYNC']);
  deletion.underWay = 0;
  deletion.deleted = keys;
}
