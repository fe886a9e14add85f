import {
  bytesText,
  isDefect,
  JUDGED_FIELDS,
  judgedFields,
  judgeTask,
  keyName,
  TASK_FIELDS,
  TASK_KEY_PREFIX,
  type TaskFinding,
  type TaskJudgement,
} from '@atf/core';
import type { Includable } from '../options.js';

/** A task that is defective or suspicious: what its key holds, and what is wrong with it. */
export interface Candidate {
  key: Buffer;
  /** Its ids without repeats: that of its key, and that of its field if that is another. */
  ids: Buffer[];
  /** Its state as it is written, empty if there is none: for its counter. */
  state: string;
  /** Changes with the fields that the judgement is based on. */
  fingerprint: Buffer;
  /** True if it is ACTIVE and its worker has a fresh heartbeat: the worker may still write to it. */
  hasLiveWorker: boolean;
  verdict: Exclude<TaskJudgement['verdict'], 'sound'>;
  findings: TaskFinding[];
}

/**
 * What `find-candidates.lua` returns of a key: the values of a task in the order of JUDGED_FIELDS, or what a key without a
 * task holds: its type, or `unrelated` for another program's hash.
 */
export type RawTask =
  | { fingerprint: Buffer; hasLiveWorker: boolean; values: (Buffer | null)[] }
  | { fingerprint: Buffer; hasLiveWorker: false; type: Buffer };

/** Fields that only a task has, beside the judged ones. They are not read: one of them tells a task from another program's hash. */
export const OTHER_FIELDS: readonly string[] = TASK_FIELDS.filter(
  (field) => !(JUDGED_FIELDS as readonly string[]).includes(field),
);

/** How much of a field is handed out and judged. An id is handed out as far as its key's goes, if that is further. */
export const VALUE_BYTES = 1_000;

/** Judges a task that is not plainly sound. Returns undefined if nothing is wrong with it. Pure. */
export function candidateOf(key: Buffer, rawTask: RawTask): Candidate | undefined {
  const keyId = key.subarray(TASK_KEY_PREFIX.length);
  const [fieldId, state] = 'values' in rawTask ? rawTask.values : [];
  // Ids are compared here, whole. An id may have megabytes, and only its beginning is turned into text. No id equals ''.
  const isOwn = !fieldId || fieldId.equals(keyId);
  const { verdict, findings } = judgeTask(isOwn ? keyName(keyId) : '', contentOf(rawTask));
  if (verdict === 'sound') return undefined;
  return {
    key,
    ids: idsOf(keyId, fieldId ?? undefined, findings),
    state: state ? state.toString('latin1') : '',
    fingerprint: Buffer.from(rawTask.fingerprint), // a copy: the original would keep a whole reply in memory
    hasLiveWorker: rawTask.hasLiveWorker,
    verdict,
    findings,
  };
}

/** True for a task that a run deletes: each defective one, and each suspicious one with a reason that was included. Pure. */
export function isToDelete({ verdict, findings }: Candidate, include: readonly Includable[]): boolean {
  return verdict === 'defective' || findings.some(({ code }) => include.includes(code));
}

/** The reasons that a report gives: the defects of a defective task, everything that is odd about a suspicious one. */
export function reasonsOf({ verdict, findings }: Pick<Candidate, 'verdict' | 'findings'>): TaskFinding[] {
  return verdict === 'defective' ? findings.filter(isDefect) : findings;
}

function contentOf(rawTask: RawTask): Parameters<typeof judgeTask>[1] {
  if ('type' in rawTask) {
    const type = bytesText(rawTask.type);
    return type === 'unrelated' ? { kind: type } : { kind: 'wrong-type', type };
  }
  const { values } = rawTask;
  return {
    kind: 'hash',
    fields: judgedFields((_field, index) => {
      const value = values[index];
      return value ? keyName(value) : null;
    }),
  };
}

/** The field's id counts if it is an id, is whole, and differs from the key's. */
function idsOf(keyId: Buffer, fieldId: Buffer | undefined, findings: readonly TaskFinding[]): Buffer[] {
  const isNone = !fieldId || findings.some(({ code }) => code === 'no-task-id');
  const mayBeCut = fieldId !== undefined && fieldId.length >= VALUE_BYTES;
  return isNone || mayBeCut || fieldId.equals(keyId) ? [keyId] : [keyId, Buffer.from(fieldId)];
}
