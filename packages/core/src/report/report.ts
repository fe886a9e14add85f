import type * as z from 'zod';
import type { reportSchema } from './report-schema.js';

/** What a tool reports of one run. With --json this is the document, else it is rendered as text. */
export type Report<Result> = z.output<ReturnType<typeof reportSchema<string, z.ZodType<Result>>>>;
export type Mode = Report<unknown>['mode'];
export type Outcome = Report<unknown>['outcome'];
export type ReportedError = NonNullable<Report<unknown>['error']>;

/** What a tool's work returns: how it ended, and the tool's own result. */
export interface Work<Result> {
  outcome: Exclude<Outcome, 'refused' | 'failed'>;
  result: Result;
}
