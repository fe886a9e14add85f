import type { Deps } from '../deps.js';
import { addToCounts, emptyCounts } from '../model/task-counts.js';
import { KeyPage } from '../redis/key-page.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { codesOfLetters, observedStateOfCode, oddKeysAmong } from './observed-state.js';
import {
  COUNTER_KEYS,
  type CounterReply,
  countersOfReply,
  ODD_KEYS_NAMED,
  type Snapshot,
} from './snapshot.js';

const COUNT_TASKS = loadReadingScript(import.meta.url, './count-tasks.lua');

/** Bytes of task keys for each allowed key. A task's key has 41. */
const BYTES_PER_KEY = 80;

type Reply = [CounterReply[], (Buffer | number)[], Buffer[], Buffer, Buffer[]] | null;

/**
 * Counts by one script. That is exact under any traffic, but other clients wait for about 3 µs per task. The script itself
 * sees how large the database is: it returns undefined for one of more keys, or of very long ones. Cost: one call.
 */
export async function countInOneScript(
  { target, signal }: Pick<Deps, 'target' | 'signal'>,
  mostKeys: number,
): Promise<Snapshot | undefined> {
  signal.throwIfAborted();
  const reply = await runScript<Reply>(target.client, COUNT_TASKS, {
    keys: COUNTER_KEYS,
    args: [ODD_KEYS_NAMED, mostKeys, mostKeys * BYTES_PER_KEY].map(String),
  });
  if (reply === null) return undefined;
  const [counters, codeCounts, oddKeys, oddLetters, labels] = reply;
  const odd = {
    keys: new KeyPage(oddKeys, oddKeys.length),
    codes: codesOfLetters(oddLetters),
    labels,
  };
  const counts = emptyCounts();
  for (let i = 0; i < codeCounts.length; i += 2) {
    const [code] = codesOfLetters(codeCounts[i] as Buffer);
    addToCounts(counts, observedStateOfCode(code!), codeCounts[i + 1] as number);
  }
  return {
    counts,
    counters: countersOfReply(counters),
    oddKeys: Array.from(oddKeysAmong(odd), ([, oddKey]) => oddKey),
  };
}
