import { type Deps, JUDGED_FIELDS, JUDGED_VALUES, loadReadingScript, type Redis, scanPages } from '@atf/core';
import { type HandedOut, type Suspect, suspectOf } from './suspect.js';

const FIND_SUSPECTS = loadReadingScript(import.meta.url, JUDGED_VALUES, './find-suspects.lua');

/** Keys of any name that one page looks at: blocks other clients for about 2 ms. */
const PAGE = 250;
/** How much of a field is judged. A date is far shorter; a field of megabytes is none. */
const VALUE_BYTES = 1_000;

/** A page of tasks: the keys that are hashes, those that are none, and the suspects among all of them. */
export interface SuspectPage {
  tasks: Buffer[];
  foreign: Buffer[];
  suspects: Suspect[];
}

/**
 * Walks all task keys and judges each. Tasks that are plainly sound are passed over on the server; every other one is
 * judged by the schema. A key may come twice, as with SCAN. Cost: one call for 250 keys of the database, one HMGET of
 * a dozen small fields a task; `content` and `result` are never read.
 */
export async function* findSuspects(
  { signal }: Pick<Deps, 'signal'>,
  client: Redis,
): AsyncGenerator<SuspectPage> {
  const pages = scanPages<[Buffer[], Buffer, (Buffer | null)[][]]>(client, FIND_SUSPECTS, {
    count: PAGE,
    args: [String(VALUE_BYTES), ...JUDGED_FIELDS],
    signal,
  });
  for await (const [keys, letters, handedOut] of pages) {
    if (keys.length > 0) yield pageOf(keys, letters.toString(), handedOut);
  }
}

function pageOf(
  keys: readonly Buffer[],
  letters: string,
  handedOut: readonly (Buffer | null)[][],
): SuspectPage {
  const page: SuspectPage = { tasks: [], foreign: [], suspects: [] };
  let next = 0;
  for (const [i, key] of keys.entries()) {
    const isForeign = letters[i] === 'x';
    (isForeign ? page.foreign : page.tasks).push(key);
    if (letters[i] === 's') continue;
    const suspect = suspectOf(key, handedOutOf(handedOut[next++]!, isForeign));
    if (suspect) page.suspects.push(suspect);
  }
  return page;
}

function handedOutOf([fingerprint, ...values]: (Buffer | null)[], isForeign: boolean): HandedOut {
  return isForeign ? { fingerprint: fingerprint!, type: values[0]! } : { fingerprint: fingerprint!, values };
}
