import { reportSchema } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();

const result = z.strictObject({
  /** Keys of this database at the beginning. */
  keys: count,
  /** The age that --older-than asks for, in ms; null: results of every age. */
  olderThanMs: z.int().positive().nullable(),
  /** Results of every age. */
  found: count,
  /** Of those found: how many have an expiry, and how many are never removed on their own. */
  expiring: count,
  persistent: count,
  /** Of those found: how many are to be deleted. */
  selected: count,
  /** Of those found: how many are kept because they are younger, or because they have no readable date. */
  younger: count,
  undated: count,
  /** Of those to delete: how many are STARTED or RETRY, so that a worker may still be running them. */
  started: count,
  retrying: count,
  /** Keys with a result's name that are not a string: they are no results. At most 100 of them are named. */
  notStrings: count,
  notStringKeys: z.array(z.string()),
  /** Names of at most 100 results to delete; empty if nobody looked before the deletion. */
  samples: z.array(z.string()),
  /** Memory of the results to delete in bytes, an estimate from `measured` of them; null if none was measured. */
  memory: z.strictObject({ estimatedBytes: count, measured: count }).nullable(),
  deleted: count,
  /** Left alone because they changed after they were judged or saved. */
  changed: count,
  /** Results to delete that are there at the end, new ones included; null if the run ended before it could know. */
  left: count.nullable(),
  backup: z.strictObject({ path: z.string(), records: count }).nullable(),
});

/** Schema of what `cleanup-celery-meta --json` prints. */
export const cleanupCeleryMetaReportSchema = reportSchema('cleanup-celery-meta', result);

/** What was found, and what was done about it. */
export type CleanupCeleryMetaResult = z.output<typeof result>;
