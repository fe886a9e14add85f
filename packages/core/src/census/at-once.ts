import type { Deps } from '../deps.js';
import { addToTally, emptyTally } from '../model/tally.js';
import { KeyPage } from '../redis/key-page.js';
import { runScript } from '../redis/script.js';
import {
  type Census,
  COUNTER_KEYS,
  type CounterReply,
  type Cut,
  countersOfReply,
  loadCensusScript,
  ODD_KEYS_NAMED,
} from './cut.js';
import { codesOfLetters, namedOddKeys, sightingOfCode } from './sightings.js';

const COUNT_TASKS = loadCensusScript('./count-tasks.lua');

type Reply = [CounterReply[], (Buffer | number)[], Buffer[], Buffer, Buffer[]];

/**
 * Counts by one script: always exact, whatever the traffic, but other clients wait meanwhile, about 3 µs a task.
 * For small data. Cost of a cut: one call.
 */
export function countAtOnce({ target, signal }: Pick<Deps, 'target' | 'signal'>): Census {
  const [client] = target.primaries;
  return {
    async cut(): Promise<Cut> {
      signal.throwIfAborted();
      const [counters, counts, oddKeys, oddLetters, labels] = await runScript<Reply>(client, COUNT_TASKS, {
        keys: COUNTER_KEYS,
        args: [String(ODD_KEYS_NAMED)],
      });
      const tally = emptyTally();
      for (let i = 0; i < counts.length; i += 2) {
        const [code] = codesOfLetters(counts[i] as Buffer);
        addToTally(tally, sightingOfCode(code!), counts[i + 1] as number);
      }
      return {
        tally,
        counters: countersOfReply(counters),
        oddKeys: namedOddKeys({
          keys: new KeyPage(oddKeys, oddKeys.length),
          codes: codesOfLetters(oddLetters),
          labels,
        }),
      };
    },
    async close() {},
  };
}
