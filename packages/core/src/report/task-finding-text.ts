import { plainText } from '../model/plain-text.js';
import type { TaskFinding } from '../model/task-findings.js';

/** A finding in English, as one line; what comes from Redis in it is safe to print. */
export function taskFindingText(finding: TaskFinding): string {
  switch (finding.code) {
    case 'no-task-id':
      return finding.value ? `task_id is ${quoted(finding.value)}` : absence('task_id', finding.value);
    case 'missing-field':
      return absence(finding.field, finding.value);
    case 'year-one':
      return `${finding.field} is of year 1: ${quoted(finding.value)}`;
    case 'unreadable-date':
      return `${finding.field} is no date: ${quoted(finding.value)}`;
    case 'not-a-hash':
      return `no hash, but a ${plainText(finding.type)}`;
    case 'other-task-id':
      return `task_id is ${quoted(finding.value)}, unlike its key`;
    case 'unknown-state':
      return `unknown state ${quoted(finding.value)}`;
    case 'not-a-number':
      return finding.value
        ? `${finding.field} is no number: ${quoted(finding.value)}`
        : absence(finding.field, finding.value);
    case 'unusable-retry-after':
      return `retry_after is no time to retry at: ${quoted(finding.value)}`;
  }
}

function absence(field: string, value: string | null): string {
  return `${field} is ${value === null ? 'missing' : 'empty'}`;
}

const quoted = (value: string) => JSON.stringify(plainText(value, 60));
