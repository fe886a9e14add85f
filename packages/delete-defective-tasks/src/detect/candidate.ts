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

/** A task that is defective or suspicious, and why. */
export interface Candidate {
  key: Buffer;
  /** The id of its key, and the id of its field task_id if that differs. */
  ids: Buffer[];
  /** Its state as it is stored, which names its counter; empty without a state. */
  state: string;
  /** A hash that changes with the fields that are judged. */
  fingerprint: Buffer;
  /** True if it is ACTIVE and its worker has a fresh heartbeat: the worker may still write to it. */
  hasLiveWorker: boolean;
  verdict: Exclude<TaskJudgement['verdict'], 'sound'>;
  findings: TaskFinding[];
}

/**
 * A key as `find-candidates.lua` returns it: the values of a task in the order of JUDGED_FIELDS, or the type of a key without a
 * task. The type is `unrelated` for another program's hash.
 */
export type RawTask =
  | { fingerprint: Buffer; hasLiveWorker: boolean; values: (Buffer | null)[] }
  | { fingerprint: Buffer; hasLiveWorker: false; type: Buffer };

/** Fields of a task that are not judged. If a hash has one of them, it is a task and not another program's hash. */
export const OTHER_FIELDS: readonly string[] = TASK_FIELDS.filter(
  (field) => !(JUDGED_FIELDS as readonly string[]).includes(field),
);

/** How many bytes of a field are returned and judged. `task_id` is returned up to the length of the key's id, if that is longer. */
export const VALUE_BYTES = 1_000;

/** Judges a task that the script did not find sound. Returns undefined if nothing is wrong with it. Pure. */
export function candidateOf(key: Buffer, rawTask: RawTask): Candidate | undefined {
  const keyId = key.subarray(TASK_KEY_PREFIX.length);
  const [fieldId, state] = 'values' in rawTask ? rawTask.values : [];
  // An id may have megabytes, and the rules get only its beginning. So whole ids are compared here.
  // If they differ, the rules get '' as the key's id, which equals no id.
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

/** True if a run deletes the task: it is defective, or --include names a reason for which it is suspicious. Pure. */
export function isToDelete({ verdict, findings }: Candidate, include: readonly Includable[]): boolean {
  return verdict === 'defective' || findings.some(({ code }) => include.includes(code));
}

/** The reasons that a report gives: of a defective task only the defects, of a suspicious task everything. */
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

/** The id of the key, and the id of the field if that is valid, not cut off, and different. */
function idsOf(keyId: Buffer, fieldId: Buffer | undefined, findings: readonly TaskFinding[]): Buffer[] {
  const isNone = !fieldId || findings.some(({ code }) => code === 'no-task-id');
  const mayBeCut = fieldId !== undefined && fieldId.length >= VALUE_BYTES;
  return isNone || mayBeCut || fieldId.equals(keyId) ? [keyId] : [keyId, Buffer.from(fieldId)];
}
