import {
  type Deps,
  JUDGED_FIELDS,
  KeyPage,
  loadReadingScript,
  type PackedKeys,
  type Redis,
  scanPages,
} from '@atf/core';
import { type HandedOut, type Suspect, suspectOf, VALUE_BYTES } from './suspect.js';

const FIND_SUSPECTS = loadReadingScript(import.meta.url, './find-suspects.lua');

/** Keys of any name that one page looks at at full pace: blocks other clients for about 2 ms. */
const PAGE = 250;
/** A page of keys under `task:`, and the suspects among them. */
export interface SuspectPage {
  keys: KeyPage;
  /** The places of those that are no hash. */
  foreign: ReadonlySet<number>;
  suspects: Suspect[];
}

type Found = [keys: PackedKeys, length: number, handedOut: HandedOutReply[]];
type HandedOutReply = [place: number, fingerprint: Buffer, ...values: (Buffer | null)[] | [[type: Buffer]]];

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
  for await (const [keys, length, handedOut] of pages) {
    if (length > 0) yield pageOf(new KeyPage(keys, length), handedOut);
  }
}

function pageOf(keys: KeyPage, replies: readonly HandedOutReply[]): SuspectPage {
  const foreign = new Set<number>();
  const suspects: Suspect[] = [];
  for (const reply of replies) {
    const place = reply[0] - 1;
    const handedOut = handedOutOf(reply);
    if ('type' in handedOut) foreign.add(place);
    // A copy: a suspect is kept, and would keep the whole page in memory.
    const suspect = suspectOf(Buffer.from(keys.at(place)), handedOut);
    if (suspect) suspects.push(suspect);
  }
  return { keys, foreign, suspects };
}

function handedOutOf([, fingerprint, first, ...rest]: HandedOutReply): HandedOut {
  if (Array.isArray(first)) return { fingerprint, type: first[0] };
  return { fingerprint, values: [first ?? null, ...(rest as (Buffer | null)[])] };
}
