import { ageOfBeat, isFresh, type JudgedFields, type Moment, parseTimestamp } from '@atf/core';
import type { Beat } from '../read/read-tasks.js';

/** How long ago a task last changed, in ms; undefined where no date of it can be read. Pure. */
export function ageOf(fields: JudgedFields, now: Date): number | undefined {
  const changed =
    fields.state === 'ACTIVE'
      ? [fields.started_at, fields.updated_at].map(momentOf)
      : [momentOf(fields.updated_at)];
  const known = changed.filter((moment) => moment !== undefined);
  const last =
    known.length > 0
      ? Math.max(...known.map(({ epochMs }) => epochMs))
      : momentOf(fields.created_at)?.epochMs;
  return last === undefined ? undefined : now.getTime() - last;
}

/** A date of a task; undefined where it is missing, unreadable or of year 1. */
export function momentOf(text: string | null): Moment | undefined {
  if (!text) return undefined;
  const read = parseTimestamp(text);
  return read.ok && read.year !== 1 ? read : undefined;
}

/** True where the worker must be taken for alive; a beat that cannot be read counts for it. Pure. */
export function isAlive(beat: Beat, now: Date): boolean {
  if (beat.kind !== 'string') return beat.kind === 'wrong-type';
  const heartbeat = { value: beat.bytes.toString('latin1'), expiresInMs: beat.expiresInMs };
  return ageOfBeat(heartbeat, now) === null || isFresh(heartbeat, now);
}

/** Age of a beat in whole seconds; null where there is none. */
export function beatSeconds(beat: Beat, now: Date): number | null {
  if (beat.kind !== 'string') return null;
  const age = ageOfBeat({ value: beat.bytes.toString('latin1'), expiresInMs: beat.expiresInMs }, now);
  return age === null ? null : Math.round(age / 1000);
}

const DEFAULT_MAX_RETRIES = 3;

/** How often a task has been tried again; what is no number is 0, and so is what is negative. */
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
