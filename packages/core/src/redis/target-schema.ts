import * as z from 'zod';

/** Schema of the database that a tool works on, without any secret. */
export const targetSchema = z.strictObject({
  host: z.string(),
  port: z.int().min(0).max(65_535),
  database: z.int().nonnegative(),
  tls: z.boolean(),
  user: z.string().nullable(),
  /** The path of the Unix socket, if the server was named by one. Host and port are then empty. */
  socket: z.string().optional(),
  /** The Sentinels that named the server, if the URL names Sentinels: `host:port` each, and the name of the primary. */
  sentinel: z.strictObject({ master: z.string().nullable(), hosts: z.array(z.string()) }).optional(),
  /** If the server is a replica: its primary, and how long ago it last heard from it. Null: not known. */
  replica: z
    .strictObject({
      primary: z.string(),
      lagSeconds: z.int().nonnegative().nullable(),
    })
    .optional(),
});

/** The database that a tool works on, without any secret. */
export type TargetDescription = z.output<typeof targetSchema>;
