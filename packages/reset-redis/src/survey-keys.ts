import { type Deps, KEY_KINDS, keyName, loadReadingScript, runScript } from '@atf/core';
import { isOfKind, type KeyClass } from './key-classes.js';
import type { ClassedKey } from './scan-keys.js';
import type { Inspection, KeyCount } from './schema.js';
import { keptOf, planKeys, sharedSummary } from './shared/find-shared.js';

const MEASURE_KEYS = loadReadingScript(import.meta.url, './measure-keys.lua');

/** Of each class the first ones are measured, and then one in so many. */
const MEASURED_FIRST = 100;
const MEASURED_EVERY = 100;
/** How many unrelated keys are named. */
const NAMED = 20;

interface Count {
  keys: number;
  bytes: number;
  measured: number;
}

/**
 * Counts and measures all keys. Cost: that of `planKeys`, and MEMORY USAGE for about one key in a hundred.
 */
export async function surveyKeys(deps: Deps): Promise<Pick<Inspection, 'kinds' | 'unrelated' | 'shared'>> {
  const kinds: Count[] = KEY_KINDS.map(() => ({ keys: 0, bytes: 0, measured: 0 }));
  const unrelated = {
    keys: 0,
    bytes: 0,
    measured: 0,
    wrongType: 0,
    samples: [] as Inspection['unrelated']['samples'],
  };
  const countOf = (keyClass: KeyClass) => (isOfKind(keyClass) ? kinds[keyClass]! : unrelated);
  const { planned } = await planKeys(deps, async (page) => {
    const chosen = page.filter(({ keyClass }) => {
      const count = countOf(keyClass);
      count.keys++;
      if (keyClass === 'wrong-type') unrelated.wrongType++;
      return count.keys <= MEASURED_FIRST || count.keys % MEASURED_EVERY === 0;
    });
    for (const { key, keyClass, bytes, type } of await measure(deps, chosen)) {
      if (type === 'none') continue;
      const count = countOf(keyClass);
      count.bytes += bytes;
      if (bytes > 0) count.measured++;
      if (count === unrelated && unrelated.samples.length < NAMED)
        unrelated.samples.push({ key: keyName(key), type });
    }
  });
  for (const { kind } of keptOf(planned)) kinds[KEY_KINDS.findIndex((known) => known.kind === kind)]!.keys--;
  return {
    shared: sharedSummary(planned),
    kinds: KEY_KINDS.map(({ kind, pattern }, i) => ({ kind, pattern, ...estimate(kinds[i]!) })),
    unrelated: { ...estimate(unrelated), wrongType: unrelated.wrongType, samples: unrelated.samples },
  };
}

async function measure({ target }: Deps, keys: readonly ClassedKey[]) {
  if (keys.length === 0) return [];
  const [bytes, types] = await runScript<[number[], Buffer[]]>(target.client, MEASURE_KEYS, {
    keys: keys.map(({ key }) => key),
  });
  return keys.map((key, i) => ({ ...key, bytes: bytes[i]!, type: types[i]!.toString() }));
}

function estimate({ keys, bytes, measured }: Count): KeyCount {
  const estimated = measured === 0 ? null : Math.round((bytes / measured) * keys);
  return { keys, measured, estimatedBytes: keys === 0 ? 0 : estimated };
}
