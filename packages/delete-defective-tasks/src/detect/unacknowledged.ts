import {
  BROKER_UNACKED_KEY,
  CompactKeyMap,
  type Deps,
  loadReadingScript,
  readUnackedMessage,
  runScript,
} from '@atf/core';

const UNACKNOWLEDGED = loadReadingScript(import.meta.url, './unacknowledged.lua');
const PAGE = 100;

/** Reads every string that an unacknowledged message mentions. Cost: a call for 100 messages; 16 bytes for each string. */
export async function readUnacknowledged({
  target,
  signal,
}: Pick<Deps, 'target' | 'signal'>): Promise<CompactKeyMap> {
  const mentioned = new CompactKeyMap();
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const [next, messages] = await runScript<[Buffer, Buffer[]]>(target.client, UNACKNOWLEDGED, {
      keys: [BROKER_UNACKED_KEY],
      args: [cursor, String(PAGE)],
    });
    for (const text of messages) {
      const message = readUnackedMessage(text.toString());
      if (message.kind !== 'readable') continue;
      for (const string of message.mentioned) mentioned.note(Buffer.from(string), 1);
    }
    cursor = next.toString();
  } while (cursor !== '0');
  return mentioned;
}

/** True if an unacknowledged message names one of the ids: a worker may be running that task. Pure. */
export function isClaimed(unacknowledged: CompactKeyMap, ids: readonly Buffer[]): boolean {
  return ids.some((id) => unacknowledged.codeOf(id) !== 0);
}
