import * as z from 'zod';

const count = z.int().nonnegative();

const worker = z.strictObject({
  id: z.string(),
  live: z.boolean(),
  /** Age of its last heartbeat in seconds; null if that cannot be read. */
  ageSeconds: z.int().nullable(),
});

/** Schema of who has a heartbeat. At most 100 workers are named, live ones first. */
export const workersSchema = z.strictObject({ live: count, stale: count, named: z.array(worker) });

/** Who has a heartbeat. */
export type Workers = z.output<typeof workersSchema>;
