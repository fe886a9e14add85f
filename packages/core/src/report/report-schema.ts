import * as z from 'zod';
import { ERROR_CODES } from '../errors.js';
import { SCHEMA_VERSION } from './report.js';

const target = z.strictObject({
  host: z.string(),
  port: z.int().min(0).max(65_535),
  database: z.int().nonnegative(),
  tls: z.boolean(),
  user: z.string().nullable(),
});

const error = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  why: z.string().nullable(),
  hint: z.string().nullable(),
  done: z.string().nullable(),
});

/** The schema of a tool's JSON document, from the tool's name and the schema of its result. */
export function reportSchema<Name extends string, Result extends z.ZodType>(tool: Name, result: Result) {
  return z.strictObject({
    schemaVersion: z.literal(SCHEMA_VERSION),
    tool: z.literal(tool),
    version: z.string(),
    mode: z.enum(['repair', 'dry-run', 'check']),
    outcome: z.enum(['clean', 'found', 'repaired', 'partial', 'stopped', 'refused', 'failed']),
    stopReason: z.enum(['SIGINT', 'SIGTERM', 'MAX_RUNTIME']).nullable(),
    target: target.nullable(),
    startedAt: z.iso.datetime(),
    elapsedMs: z.number().nonnegative(),
    result: result.nullable(),
    error: error.nullable(),
  });
}
