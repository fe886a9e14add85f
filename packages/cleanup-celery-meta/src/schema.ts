import { reportSchema } from '@atf/core';
import * as z from 'zod';

const count = z.int().nonnegative();

const result = z.strictObject({
  /** Keys of this database at the beginning. */
  keys: count,
  /** The age of --older-than in ms; null: results of every age. */
  olderThanMs: z.int().positive().nullable(),
  /** Results of every age. */
  found: count,
  /** How many of the found results have an expiry, and how many do not. */
  expiring: count,
  persistent: count,
  /** How many of the found results are to be deleted. */
  selected: count,
  /** How many of the found results are kept because they are younger, and how many because they have no readable date. */
  younger: count,
  undated: count,
  /** How many of the results to delete are STARTED or RETRY. A worker may still run these tasks. */
  started: count,
  retrying: count,
  /** Keys with a result's name that are not a string, and so no results. At most 100 are named. */
  notStrings: count,
  notStringKeys: z.array(z.string()),
  /** Names of at most 100 results to delete; empty if the run deleted without a survey. */
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
