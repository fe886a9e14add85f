import * as z from 'zod';
import { ERROR_CODES, STOP_REASONS } from '../errors.js';
import { replicaConfirmationSchema } from '../redis/replica-confirmation.js';
import { targetSchema } from '../redis/target-schema.js';
import { workDoneSchema } from '../work-done-schema.js';
import { SCHEMA_VERSION } from './schema-version.js';

const error = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  why: z.string().nullable(),
  hint: z.string().nullable(),
  /** What had been written before the failure. Null: nothing. */
  done: workDoneSchema.nullable(),
});

/**
 * How a run ended: `clean` found nothing wrong, or nothing to list; `found` found something, and was to write nothing; `repaired`
 * everything requested is done; `partial` a part could not be done; `stopped` by a signal or --max-runtime; `refused` by a
 * safety limit or without a confirmation; `failed` with an error.
 */
const outcome = z.enum(['clean', 'found', 'repaired', 'partial', 'stopped', 'refused', 'failed']);

/** The schema of a tool's JSON document, from the tool's name and the schema of its result. */
export function reportSchema<Name extends string, Result extends z.ZodType>(tool: Name, result: Result) {
  return z.strictObject({
    schemaVersion: z.literal(SCHEMA_VERSION),
    tool: z.literal(tool),
    version: z.string(),
    /** `inspect`: a tool that only reads, or that only reads without a certain flag. */
    mode: z.enum(['repair', 'dry-run', 'check', 'inspect']),
    outcome,
    stopReason: z.enum(STOP_REASONS).nullable(),
    target: targetSchema.nullable(),
    startedAt: z.iso.datetime(),
    elapsedMs: z.number().nonnegative(),
    /** Whether a replica has what the run wrote. */
    replicaConfirmation: replicaConfirmationSchema,
    result: result.nullable(),
    error: error.nullable(),
  });
}
