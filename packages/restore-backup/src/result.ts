import type { TaskState } from '@atf/core';
import type { Fate } from './restore-record.js';

/** How many of one kind met each fate. With a dry run: would meet. */
export type Fates = Record<Fate, number>;

/** What a backup holds things of. */
export const KINDS = ['tasks', 'copies', 'members', 'entries', 'keys'] as const;
export type Kind = (typeof KINDS)[number];

/** Why something is not as the backup has it, or is and should be looked after. */
export const PROBLEM_CODES = [
  /** Exists, holds something else, and was left alone. */
  'differs',
  /** A state counter that exists and holds something else: never replaced. */
  'counter-differs',
  /** A state counter that is as the backup has it, while tasks came back beside those that it may count now. */
  'counter-unsure',
  /** A queue that held something else and was replaced: entries of now are lost. */
  'queue-replaced',
  /** A member of a sorted set that has another score now. */
  'other-score',
  'refused',
  'not-a-list',
  'not-a-sorted-set',
  'not-a-number',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface Problem {
  code: ProblemCode;
  /** The key that is the matter. */
  key: string;
  /** What is there, or what the server says; null where there is nothing to add. */
  detail: string | null;
  /** Of `other-score`: the member, and its score now and in the backup, as Redis writes them. */
  score?: { member: string; now: string; backup: string };
}

/** What the backup says of itself. */
export interface BackupFacts {
  file: string;
  tool: string;
  /** `redis://host:port/database` that it was taken from. */
  target: string;
  createdAt: string;
  redisVersion: string;
  /** False where its end is missing: the tool that wrote it was cut off. Null where it was not read to its end. */
  complete: boolean | null;
}

export interface RestoreBackupResult {
  backup: BackupFacts;
  /** False where host, port or database are others than those that the backup was taken from. */
  sameTarget: boolean;
  /** The version of the server where it is older than the one that the backup was taken from, else null. */
  olderServer: string | null;
  /** How many records of the backup were dealt with. */
  records: number;
  /**
   * `members` are those of sorted sets, `entries` those of lists, where `expired` means that the task is gone again; `keys`
   * are whole keys that belong to no task. What belongs to a task that was not put back is not counted.
   */
  fates: Record<Kind, Fates>;
  /** By how much the counters were changed. */
  counters: { state: TaskState; change: number }[];
  /** How many things are not as the backup has them, and cannot be. */
  problemCount: number;
  /** The first 100 of them. */
  problems: Problem[];
}
