import type { TaskState } from '../model/task-states.js';

/**
 * A backup is text, one JSON object a line: a header, records, an end. Keys, dumps and members are base64, because they
 * may hold any bytes. A record is in the file, synced to disk, before what it describes is deleted; so a file may hold
 * records of keys that were never deleted, and lacks its end where the tool was killed.
 */
export const BACKUP_FORMAT = 'atf-backup';
export const BACKUP_VERSION = 1;

export interface BackupHeader {
  format: typeof BACKUP_FORMAT;
  version: typeof BACKUP_VERSION;
  tool: string;
  /** `redis://host:port/database`, without user and password. */
  target: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Of the server that made the dumps: an older one cannot read them. */
  redisVersion: string;
}

/** A whole key. */
export interface KeyRecord {
  type: 'key';
  key: string;
  /** As `DUMP` returns it. */
  dump: string;
  /** Unix time in ms at which it expires; null: never. */
  expiresAt: number | null;
  /** What `content_mark` says of its content: by it a key is known to be there already. */
  mark: string;
}

/** One entry of a list: its place counted from the tail, 0 for the last one, because queues grow and shrink at the head. */
export interface ListEntryRecord {
  type: 'list-entry';
  key: string;
  element: string;
  fromTail: number;
}

/** One member of a sorted set. */
export interface MemberRecord {
  type: 'member';
  key: string;
  member: string;
  /** As Redis writes it: exact, `inf` included. */
  score: string;
}

/** A task that goes with its references; its state's counter is lowered where `counted` names the state. */
export interface TaskRecord {
  type: 'task';
  task: KeyRecord;
  copies: KeyRecord[];
  entries: ListEntryRecord[];
  members: MemberRecord[];
  counted: TaskState | null;
}

export interface BackupEnd {
  type: 'end';
  records: number;
}

export type BackupRecord = KeyRecord | TaskRecord;
