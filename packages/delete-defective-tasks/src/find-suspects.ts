import {
  type Deps,
  JUDGED_FIELDS,
  JUDGED_VALUES,
  KeyPage,
  loadReadingScript,
  PACK_KEYS,
  type PackedKeys,
  type Redis,
  scanPages,
} from '@atf/core';
import { type HandedOut, type Suspect, suspectOf } from './suspect.js';

const FIND_SUSPECTS = loadReadingScript(import.meta.url, PACK_KEYS, JUDGED_VALUES, './find-suspects.lua');

/** Keys of any name that one page looks at at full pace: blocks other clients for about 2 ms. */
const PAGE = 250;
/** How much of a field is judged. A date is far shorter; a field of megabytes is none. */
const VALUE_BYTES = 1_000;

const SOUND = 's'.charCodeAt(0);
const FOREIGN = 'x'.charCodeAt(0);

/** A page of keys under `task:`, and the suspects among them. */
export interface SuspectPage {
  keys: KeyPage;
  /** The places of those that are no hash. */
  foreign: ReadonlySet<number>;
  suspects: Suspect[];
}

type Found = [keys: PackedKeys, letters: Buffer, handedOut: (Buffer | null)[][]];

/**
 * Walks all task keys and judges each. Tasks that are plainly sound are passed over on the server; every other one is
 * judged by the schema. A key may come twice, as with SCAN. Cost: one call for some hundreds of keys of the database, one
 * HMGET of a dozen small fields a task; `content` and `result` are never read.
 */
export async function* findSuspects(
  { signal, pace }: Pick<Deps, 'signal' | 'pace'>,
  client: Redis,
): AsyncGenerator<SuspectPage> {
  const pages = scanPages<Found>(client, FIND_SUSPECTS, {
    count: PAGE,
    pace,
    args: [String(VALUE_BYTES), ...JUDGED_FIELDS],
    signal,
  });
  for await (const [keys, letters, handedOut] of pages) {
    if (letters.length > 0) yield pageOf(new KeyPage(keys, letters.length), letters, handedOut);
  }
}

function pageOf(keys: KeyPage, letters: Buffer, handedOut: Found[2]): SuspectPage {
  const foreign = new Set<number>();
  const suspects: Suspect[] = [];
  let next = 0;
  for (let i = 0; i < letters.length; i++) {
    if (letters[i] === SOUND) continue;
    if (letters[i] === FOREIGN) foreign.add(i);
    // A copy: a suspect is kept, and would keep the whole page in memory.
    const suspect = suspectOf(Buffer.from(keys.at(i)), handedOutOf(handedOut[next++]!, foreign.has(i)));
    if (suspect) suspects.push(suspect);
  }
  return { keys, foreign, suspects };
}

function handedOutOf([fingerprint, ...values]: (Buffer | null)[], isForeign: boolean): HandedOut {
  return isForeign ? { fingerprint: fingerprint!, type: values[0]! } : { fingerprint: fingerprint!, values };
}
