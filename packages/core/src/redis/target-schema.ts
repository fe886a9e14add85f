import * as z from 'zod';

/** Schema of the database that a tool works on, without any secret. */
export const targetSchema = z.strictObject({
  host: z.string(),
  port: z.int().min(0).max(65_535),
  database: z.int().nonnegative(),
  tls: z.boolean(),
  user: z.string().nullable(),
});

/** The database that a tool works on, without any secret. */
export type TargetDescription = z.output<typeof targetSchema>;
