import {
  bytesText,
  isDefect,
  judgedFields,
  judgeTask,
  keyName,
  TASK_KEY_PREFIX,
  type TaskFinding,
  type TaskJudgement,
} from '@atf/core';
import type { Includable } from './options.js';

/** A task that is defective or suspicious: what stands at its key, and what was found wrong with it. */
export interface Suspect {
  key: Buffer;
  /** Its ids, without repeats: that of its key, and that of its field where that is another. */
  ids: Buffer[];
  /** Its state as it stands, empty where it has none: for its counter. */
  state: string;
  /** Changes with what the judgement stands on. */
  fingerprint: Buffer;
  verdict: Exclude<TaskJudgement['verdict'], 'sound'>;
  findings: TaskFinding[];
}

/** What `find-suspects.lua` hands out of one key: values in the order of JUDGED_FIELDS, or the type of what is no hash. */
export type HandedOut =
  | { fingerprint: Buffer; values: (Buffer | null)[] }
  | { fingerprint: Buffer; type: Buffer };

/** Judges a key that is not plainly sound. Returns undefined where the schema finds nothing wrong. Pure. */
export function suspectOf(key: Buffer, handedOut: HandedOut): Suspect | undefined {
  const keyId = key.subarray(TASK_KEY_PREFIX.length);
  const [fieldId, state] = 'values' in handedOut ? handedOut.values : [];
  // Ids are compared here, whole: an id may be megabytes, of which only a name is turned into text. No id is like ''.
  const isOwn = !fieldId || fieldId.equals(keyId);
  const { verdict, findings } = judgeTask(isOwn ? keyName(keyId) : '', contentOf(handedOut));
  if (verdict === 'sound') return undefined;
  const { fingerprint } = handedOut;
  return {
    key,
    ids: idsOf(keyId, fieldId ?? undefined, findings),
    state: state ? state.toString('latin1') : '',
    fingerprint: Buffer.from(fingerprint), // a copy: the original would keep a whole reply in memory
    verdict,
    findings,
  };
}

/** True for what a run deletes: the defective, and the suspicious for a reason that was included. Pure. */
export function isToDelete({ verdict, findings }: Suspect, include: readonly Includable[]): boolean {
  return (
    verdict === 'defective' || findings.some(({ code }) => (include as readonly string[]).includes(code))
  );
}

function contentOf(handedOut: HandedOut): Parameters<typeof judgeTask>[1] {
  if ('type' in handedOut) return { kind: 'wrong-type', type: bytesText(handedOut.type) };
  const { values } = handedOut;
  return {
    kind: 'hash',
    fields: judgedFields((_field, index) => {
      const value = values[index];
      return value ? keyName(value) : value === undefined ? null : value;
    }),
  };
}

/** How much of a field is handed out and judged; an id as far as its key goes, where that is further. A date is far shorter. */
export const VALUE_BYTES = 1_000;

/** The field's id counts where it is one, whole, and another than the key's. */
function idsOf(keyId: Buffer, fieldId: Buffer | undefined, findings: readonly TaskFinding[]): Buffer[] {
  const isNone = !fieldId || findings.some(({ code }) => code === 'no-task-id');
  const mayBeCut = fieldId !== undefined && fieldId.length >= VALUE_BYTES;
  return isNone || mayBeCut || fieldId.equals(keyId) ? [keyId] : [keyId, Buffer.from(fieldId)];
}

/** Why a task is what it is: of a defective one its defects, of a suspicious one all that is odd. */
export function reasonsOf({ verdict, findings }: Pick<Suspect, 'verdict' | 'findings'>): TaskFinding[] {
  return verdict === 'defective' ? findings.filter(isDefect) : findings;
}
