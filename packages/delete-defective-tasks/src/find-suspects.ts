import { type Deps, JUDGED_FIELDS, loadScript, type Redis, runScript } from '@atf/core';
import { type HandedOut, type Suspect, suspectOf } from './suspect.js';

const FIND_SUSPECTS = loadScript(import.meta.url, './judged-values.lua', './find-suspects.lua');

/** Keys of any name that one page looks at: blocks other clients for about 2 ms. */
const PAGE = 250;
/** How much of a field is judged. A date is far shorter; a field of megabytes is none. */
const VALUE_BYTES = 1_000;

type Reply = [Buffer, Buffer[], Buffer, (Buffer | null)[][]];

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
  const page = (cursor: string) =>
    runScript<Reply>(client, FIND_SUSPECTS, {
      args: [cursor, String(PAGE), String(VALUE_BYTES), ...JUDGED_FIELDS],
    });
  let reply = await page('0');
  for (;;) {
    signal.throwIfAborted();
    const [cursorBytes, keys, letters, handedOut] = reply;
    const cursor = cursorBytes.toString();
    const next = cursor === '0' ? undefined : page(cursor);
    next?.catch(() => {}); // awaited below, unless the consumer has stopped by then
    if (keys.length > 0) yield pageOf(keys, letters.toString(), handedOut);
    if (!next) return;
    reply = await next;
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
