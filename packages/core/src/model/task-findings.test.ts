import { expect, test } from '@jest/globals';
import { isDefect, TASK_FINDING_SEVERITIES, taskFindingSchema } from './task-findings.js';

test('every finding of the schema has a severity', () => {
  const codes = taskFindingSchema.options.map(({ shape }) => shape.code.value);
  expect(Object.keys(TASK_FINDING_SEVERITIES).sort()).toEqual([...codes].sort());
});

test('a state that nobody knows is no defect, a missing one is', () => {
  expect(isDefect({ code: 'unknown-state', value: 'ARCHIVED' })).toBe(false);
  expect(isDefect({ code: 'missing-field', field: 'state', value: null })).toBe(true);
});
