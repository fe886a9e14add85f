import { CompactKeyMap, type Deps, loadReadingScript, MAINTENANCE_LOCK_KEY, scanPages } from '@atf/core';
import { classOfLetter, type KeyClass, KIND_ARGUMENTS } from './key-classes.js';

const SCAN_KEYS = loadReadingScript(import.meta.url, './scan-keys.lua');

/** Keys that one page covers at full pace. Blocks other clients for about 1 ms. */
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
 * Cost: one call for some hundreds of keys, a TYPE for each that has a name of AsyncTaskFlow; memory is constant.
 */
export async function* scanKeys(
  deps: Pick<Deps, 'target' | 'signal' | 'pace' | 'scanned'>,
): AsyncGenerator<ClassedKey[]> {
  const keyMap = new CompactKeyMap({ bound: 65_536 });
  const options = { ...deps, count: PAGE, args: KIND_ARGUMENTS };
  for await (const [keys, letters] of scanPages<[Buffer[], Buffer]>(deps.target.client, SCAN_KEYS, options)) {
    const page = keys.flatMap((key, i) => {
      const keyClass = classOfLetter(letters[i]!);
      if (key.equals(LOCK)) return [];
      return keyClass === undefined || keyMap.note(key, 1) !== 0 ? [] : [{ key, keyClass }];
    });
    if (page.length > 0) yield page;
  }
}
