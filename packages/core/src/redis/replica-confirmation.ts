import * as z from 'zod';

/**
 * Whether a replica has what a run wrote:
 * `not-needed` nothing was written, or the server has no replicas; `confirmed` at least one replica has everything;
 * `failed` no replica confirmed it in time; `not-permitted` the user may not run WAIT; `unknown` nobody may say whether there are
 * replicas, and none confirmed it.
 */
export const replicaConfirmationSchema = z.enum([
  'not-needed',
  'confirmed',
  'failed',
  'not-permitted',
  'unknown',
]);

export type ReplicaConfirmation = z.output<typeof replicaConfirmationSchema>;
