import { ageOfBeat, isFresh, type JudgedFields, type Moment, parseTimestamp } from '@atf/core';
import type { Beat, TaskReading } from '../read/read-tasks.js';

/** How long ago a task last changed, in ms; undefined if none of its dates can be read. Pure. */
export function ageOf(fields: JudgedFields, now: Date): number | undefined {
  const changed = changedAt(fields) ?? momentOf(fields.created_at)?.epochMs;
  return changed === undefined ? undefined : now.getTime() - changed;
}

/** When a task last changed, Unix time in ms by its writer's clock; undefined if these dates cannot be read. */
export function changedAt({ state, started_at, updated_at }: JudgedFields): number | undefined {
  const dates = state === 'ACTIVE' ? [started_at, updated_at] : [updated_at];
  const known = dates.map(momentOf).filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.max(...known.map(({ epochMs }) => epochMs));
}

/** A date of a task; undefined if it is missing, unreadable or of year 1. */
export function momentOf(text: string | null): Moment | undefined {
  if (!text) return undefined;
  const read = parseTimestamp(text);
  return read.ok && read.year !== 1 ? read : undefined;
}

/** True if the worker may be alive. A heartbeat that cannot be read counts as alive. Pure. */
export function isAlive(beat: Beat, now: Date): boolean {
  if (beat.kind !== 'string') return beat.kind === 'wrong-type';
  const heartbeat = { value: beat.bytes.toString('latin1'), expiresInMs: beat.expiresInMs };
  return ageOfBeat(heartbeat, now) === null || isFresh(heartbeat, now);
}

/** A heartbeat is written just before the task's dates. It counts as later only by more than this. */
export const LATER_BEAT_SECONDS = 1;

/**
 * True if the worker is alive, but no longer runs the task. A worker sends heartbeats only before it starts a task and after it
 * ends one. A heartbeat later than the task's last change belongs to another task, or to a new process with the same name.
 * Only ids of Celery workers count, because a consumer sends heartbeats all the time. Pure.
 */
export function workerMovedOn({
  worker,
  beat,
  fields,
}: Pick<TaskReading, 'worker' | 'beat' | 'fields'>): boolean {
  const changed = changedAt(fields);
  if (beat.kind !== 'string' || changed === undefined) return false;
  if (!worker?.toString('latin1').startsWith('celery-') || !momentOf(fields.started_at)) return false;
  const beatAt = Number(beat.bytes.toString('latin1').trim() || Number.NaN);
  return beatAt - changed / 1000 > LATER_BEAT_SECONDS;
}

/** Age of a heartbeat in whole seconds; null without a heartbeat. */
export function beatSeconds(beat: Beat, now: Date): number | null {
  if (beat.kind !== 'string') return null;
  const age = ageOfBeat({ value: beat.bytes.toString('latin1'), expiresInMs: beat.expiresInMs }, now);
  return age === null ? null : Math.round(age / 1000);
}

const DEFAULT_MAX_RETRIES = 3;

/** How often a task has been tried again. A negative or unreadable number counts as 0. */
export function retryCountOf({ retry_count: text }: JudgedFields): number {
  return Math.max(0, wholeNumber(text) ?? 0);
}

/** How often it may be tried again. */
export function maxRetriesOf({ max_retries: text }: JudgedFields): number {
  return wholeNumber(text) ?? DEFAULT_MAX_RETRIES;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
