import * as z from 'zod';
import { TASK_STATES } from '../model/task-states.js';

/*
 * A backup is text with one JSON object per line: a header, records, an end. Keys, dumps and elements are base64, because
 * they may hold any bytes. Each line ends with a checksum, see `checksum-chain.ts`. Each record is synced to disk before the
 * tool deletes what it describes. So a file may hold keys that were never deleted, and it has no end if the tool was killed.
 */
export const BACKUP_FORMAT = 'atf-backup';
export const BACKUP_VERSION = 2;

export const headerSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  version: z.literal(BACKUP_VERSION),
  /** Unique: a restore that was interrupted finds its journal by it. */
  id: z.uuid(),
  tool: z.string(),
  /** `redis://host:port/database`, without user and password. */
  target: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** Name and version of the server that made the dumps, such as `Valkey 9.1.2`. */
  server: z.string(),
});

/** A whole key. */
const keySchema = z.object({
  type: z.literal('key'),
  key: z.base64(),
  /** The reply of `DUMP`. */
  dump: z.base64(),
  /** Unix time in ms at which the key expires; null: never. */
  expiresAt: z.number().nullable(),
  /** What `content_hash` in content-hash.lua returns: it shows whether a key still holds the same. */
  contentHash: z.string(),
});

/** One entry of a list. Its position counts from the tail (0: the last entry), because queues grow and shrink at the head. */
const listEntrySchema = z.object({
  type: z.literal('list-entry'),
  key: z.base64(),
  element: z.base64(),
  fromTail: z.int().nonnegative(),
});

/** One member of a sorted set. */
const memberSchema = z.object({
  type: z.literal('member'),
  key: z.base64(),
  member: z.base64(),
  /** As Redis writes it: exact, `inf` included. */
  score: z.string(),
});

/** A task with everything that is deleted together with it. */
const taskSchema = z.object({
  type: z.literal('task'),
  task: keySchema,
  copies: z.array(keySchema),
  entries: z.array(listEntrySchema),
  members: z.array(memberSchema),
  /** The state whose counter the deletion lowers; null: it lowers no counter. */
  counted: z.enum(TASK_STATES).nullable(),
});

/** The types of keys that are saved entry by entry. */
export const QUEUE_TYPES = ['list', 'zset', 'hash'] as const;

/** A queue. Its entries are saved one by one, because an entry may come back only if its task does. */
const queueSchema = z.object({
  type: z.literal('queue'),
  key: z.base64(),
  /** The type of the key. */
  kind: z.enum(QUEUE_TYPES),
  /** Of the whole key. */
  contentHash: z.string(),
  entries: z.array(
    z.object({
      element: z.base64(),
      /** The position in a list from its tail, the score in a sorted set, or the value in a hash as base64. */
      at: z.string(),
    }),
  ),
});

const endSchema = z.object({ type: z.literal('end'), records: z.int().nonnegative() });

/** Every line after the header. */
export const lineSchema = z.discriminatedUnion('type', [keySchema, taskSchema, queueSchema, endSchema]);

export type BackupHeader = z.infer<typeof headerSchema>;
export type KeyRecord = z.infer<typeof keySchema>;
export type MemberRecord = z.infer<typeof memberSchema>;
export type TaskRecord = z.infer<typeof taskSchema>;
export type QueueRecord = z.infer<typeof queueSchema>;
export type BackupEnd = z.infer<typeof endSchema>;
export type BackupRecord = KeyRecord | TaskRecord | QueueRecord;
