import { type Deps, KeyLedger, MAINTENANCE_LOCK_KEY, runScript } from '@atf/core';
import { classOfLetter, type KeyClass, KIND_ARGUMENTS, loadReadingKeyScript } from './key-classes.js';

const SCAN_KEYS = loadReadingKeyScript('./scan-keys.lua');

/** Keys that one page looks at: blocks other clients for about 1 ms. */
const PAGE = 500;

const LOCK = Buffer.from(MAINTENANCE_LOCK_KEY);

/** A key and what it is. */
export interface ClassedKey {
  key: Buffer;
  keyClass: KeyClass;
}

/**
 * Walks all keys of the database in pages, each key once although SCAN may return it twice. The maintenance lock is nobody's
 * data, and is passed over.
 * Cost: one call for 500 keys, a TYPE for each that has a name of AsyncTaskFlow; memory is constant.
 */
export async function* scanKeys({
  target,
  signal,
}: Pick<Deps, 'target' | 'signal'>): AsyncGenerator<ClassedKey[]> {
  const ledger = new KeyLedger({ bound: 65_536 });
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const [next, keys, letters] = await runScript<[Buffer, Buffer[], Buffer]>(
      target.primaries[0],
      SCAN_KEYS,
      {
        args: [cursor, String(PAGE), ...KIND_ARGUMENTS],
      },
    );
    cursor = next.toString();
    const page = keys.flatMap((key, i) => {
      const keyClass = classOfLetter(letters[i]!);
      if (key.equals(LOCK)) return [];
      return keyClass === undefined || ledger.note(key, 1) !== 0 ? [] : [{ key, keyClass }];
    });
    if (page.length > 0) yield page;
  } while (cursor !== '0');
}
