import * as z from 'zod';
import {
  JUDGED_FIELDS,
  type JudgedField,
  SUSPICIOUS_CODES,
  TASK_FINDING_CODES,
  TASK_RULES,
} from './task-rules.js';

/** How much of a value a finding shows, in characters. */
const VALUE_LENGTH = 200;

/**
 * Schema of something that is wrong with one task. `field` is null if the key holds no task; `value` is then the key's type.
 * Otherwise `value` is the beginning of the field's value, or null if the field is missing.
 */
export const taskFindingSchema = z.strictObject({
  code: z.enum(TASK_FINDING_CODES),
  field: z.enum(JUDGED_FIELDS).nullable(),
  value: z.string().nullable(),
});

export type TaskFinding = z.output<typeof taskFindingSchema>;

/** The judged fields of one task, as `bytesText` writes them; null if a field is missing. */
export type JudgedFields = Readonly<Record<JudgedField, string | null>>;

/** The value at a `task:*` key: a task's hash, another program's hash, or a value of another type. */
export type TaskContent =
  | { kind: 'hash'; fields: JudgedFields }
  | { kind: 'unrelated' }
  | { kind: 'wrong-type'; type: string };

/** Everything that is wrong with a task, defects first. */
export interface TaskJudgement {
  verdict: 'sound' | 'defective' | 'suspicious';
  findings: TaskFinding[];
}

/** Collects the judged fields, in the order of {@link JUDGED_FIELDS}: that of an `HMGET` with them. */
export function judgedFields(read: (field: JudgedField, index: number) => string | null): JudgedFields {
  const fields: Partial<Record<JudgedField, string | null>> = {};
  JUDGED_FIELDS.forEach((field, index) => {
    fields[field] = read(field, index);
  });
  return fields as JudgedFields;
}

/** Judges the value at the key `task:{keyId}` by `TASK_RULES`. Never throws, whatever the strings. Cost: no Redis call. */
export function judgeTask(keyId: string, content: TaskContent): TaskJudgement {
  const findings = findingsOf(content, keyId);
  if (findings.length === 0) return { verdict: 'sound', findings };
  return { verdict: findings.some(isDefect) ? 'defective' : 'suspicious', findings };
}

function findingsOf(content: TaskContent, keyId: string): TaskFinding[] {
  if (content.kind === 'unrelated') return [{ code: 'unrelated', field: null, value: 'hash' }];
  if (content.kind === 'wrong-type') return [{ code: 'not-a-hash', field: null, value: content.type }];
  const { fields } = content;
  return TASK_RULES.filter(({ field, isBroken }) => isBroken(fields[field], keyId)).map(({ code, field }) => {
    return { code, field, value: fields[field]?.slice(0, VALUE_LENGTH) ?? null };
  });
}

/** True for a finding that by itself makes a task defective. */
export function isDefect({ code }: Pick<TaskFinding, 'code'>): boolean {
  return !SUSPICIOUS_CODES.includes(code);
}
