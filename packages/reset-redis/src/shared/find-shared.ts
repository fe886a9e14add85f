import { countKeys, type Deps, KEY_KINDS, keyName } from '@atf/core';
import { isExclusive, isOfKind } from '../key-classes.js';
import { type ClassedKey, scanKeys } from '../scan-keys.js';
import type { Inspection } from '../schema.js';
import { type PlannedKey, planShared, type SharedKey } from './plan-shared.js';
import { readShared } from './read-shared.js';

/** How many kept keys a report names. */
const NAMED = 20;

/** What a scan of all keys of a database found. */
export interface KeyPlan {
  /** Keys that only AsyncTaskFlow uses. */
  exclusive: number;
  unrelated: number;
  /** Keys that other programs may use as well, and what to do with them. */
  planned: PlannedKey[];
}

/**
 * Looks at all keys, and decides about those that other programs may use. `visit` gets each page of keys.
 * Cost: that of `scanKeys` and `readShared`.
 */
export async function planKeys(
  deps: Deps,
  visit: (page: readonly ClassedKey[]) => Promise<void> = async () => {},
): Promise<KeyPlan> {
  const total = await countKeys(deps.target.client);
  const shared: SharedKey[] = [];
  let exclusive = 0;
  let unrelated = 0;
  for await (const page of scanKeys(deps)) {
    const found = sharedIn(page);
    const others = page.filter(({ keyClass }) => !isOfKind(keyClass)).length;
    shared.push(...found);
    unrelated += others;
    exclusive += page.length - found.length - others;
    await visit(page);
    const done = exclusive + unrelated + shared.length;
    deps.progress({ step: 'scan', what: 'Looking at keys', done, total });
  }
  return { exclusive, unrelated, planned: planShared(await readShared(deps, shared), unrelated) };
}

/** The keys of a page that other programs may use as well. */
function sharedIn(page: readonly ClassedKey[]): SharedKey[] {
  return page.flatMap(({ key, keyClass }) =>
    isOfKind(keyClass) && !isExclusive(keyClass) ? [{ key, kind: KEY_KINDS[keyClass]!.kind }] : [],
  );
}

/** The keys that a reset keeps, because another program uses them too, or may. */
export const keptOf = (planned: readonly PlannedKey[]) => planned.filter(({ action }) => action !== 'delete');

/** What a report says of the kept keys of Celery. */
export function sharedSummary(planned: readonly PlannedKey[]): Inspection['shared'] {
  const kept = keptOf(planned);
  const sum = (count: (key: PlannedKey) => number) => kept.reduce((total, key) => total + count(key), 0);
  return {
    keys: kept.length,
    ours: sum(({ ours }) => ours),
    others: sum(({ others, neutral }) => others + neutral),
    named: kept.slice(0, NAMED).map(({ key, ours, others, neutral }) => {
      return { key: keyName(key), ours, others: others + neutral };
    }),
  };
}
