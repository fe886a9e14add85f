import { AtfError, type FlagValues } from '@atf/core/cli';

/** What is deleted: AsyncTaskFlow's own keys, or all keys of the database. */
export type Scope = 'app' | 'db';

export interface ResetRedisOptions {
  /** True: decide and report, write nothing. */
  dryRun: boolean;
  /** False: inspect only. */
  confirm?: boolean;
  /** Default `app`. */
  scope?: Scope;
  /** True: delete although workers are alive. */
  force?: boolean;
  /** A new file for everything that is deleted. */
  backup?: string | undefined;
}

/** Reads the tool's own flags. @throws AtfError `USAGE` for a backup of a run that deletes nothing */
export function readOptions(flags: FlagValues): Omit<ResetRedisOptions, 'dryRun'> {
  const { confirm, scope, force, backup } = flags;
  if (backup !== undefined && confirm !== true) {
    throw new AtfError('USAGE', '--backup without --confirm', {
      why: 'a backup holds what is deleted, and nothing is deleted without --confirm',
      hint: 'Add --confirm, or leave --backup out.',
    });
  }
  return {
    confirm: confirm === true,
    scope: scope as Scope,
    force: force === true,
    backup: backup as string | undefined,
  };
}
