import {
  countKeys,
  type Deps,
  findWorkers,
  refuseUnusableBackup,
  refuseWhileAlive,
  type Work,
} from '@atf/core';
import { reportedDeletion } from './deletion.js';
import { inspect } from './inspect.js';
import type { ResetRedisOptions, Scope } from './options.js';
import { type ResetRun, reset } from './reset.js';
import type { Inspection, ResetRedisResult } from './schema.js';

/**
 * Without `confirm`, or in a dry run: says what the database holds, and what would go. With it: deletes AsyncTaskFlow's
 * own keys, facts by name and type, or all keys of this database (`scope: 'db'`), and verifies that they are gone. Other
 * databases are never touched.
 *
 * Cost: one call for 500 keys of the database; a flush needs one for 2,000, to look for workers.
 * @throws AtfError `LOCKED`; `GUARD` while workers are alive, unless forced; `USAGE` if the backup's file exists; `BACKUP`
 */
export async function resetRedis(
  deps: Deps,
  { dryRun, confirm = false, scope = 'app', force = false, backup }: ResetRedisOptions,
): Promise<Work<ResetRedisResult>> {
  if (backup !== undefined) await refuseUnusableBackup(backup);
  const keys = await countKeys(deps.target.client);
  const workers = await findWorkers(deps);
  const refused = workers.live > 0 && !force;
  const facts = { scope, confirmed: confirm, refused, keys, workers };
  if (dryRun || !confirm) {
    const inspection = await inspect(deps);
    const selected = selectedBy(scope, inspection);
    const result = { ...facts, inspection, selected, deletion: null };
    return { outcome: selected > 0 || inspection.shared.ours > 0 ? 'found' : 'clean', result };
  }
  if (refused) refuseWhileAlive(workers);
  const run = await reset(deps, { scope, force, backup });
  const deletion = reportedDeletion(run.deletion);
  return { outcome: outcomeOf(run), result: { ...facts, inspection: null, selected: null, deletion } };
}

/** How many keys of an inspection are in a scope. Pure. */
function selectedBy(scope: Scope, { kinds, unrelated, shared }: Inspection): number {
  const own = kinds.reduce((sum, { keys }) => sum + keys, 0);
  return scope === 'db' ? own + unrelated.keys + shared.keys : own;
}

function outcomeOf({ stopped, deletion: { deleted, messagesRemoved, left, changed, shared } }: ResetRun) {
  if (stopped) return 'stopped';
  if (changed > 0 || left !== 0 || (shared !== null && shared.ours > 0)) return 'partial';
  return deleted + messagesRemoved > 0 ? 'repaired' : 'clean';
}
