import { changeLine, counterLines, NOT_VERIFIED, type Report, type ReportedCounter } from '@atf/core';
import type { Style } from '@atf/core/cli';
import type { InitializeCountersResult } from './schema.js';

type Mode = Report<unknown>['mode'];
type Rendered = Pick<Report<unknown>, 'mode' | 'target'> & { result: InitializeCountersResult };

/** The report as text. */
export function renderInitializeCounters({ mode, target, result }: Rendered, style: Style): string[] {
  return [
    '🔍 Scanning existing tasks to initialize counters...',
    '',
    `📊 Found ${result.totalTasks} total tasks`,
    '',
    ...counterLines(result, { target, missingIsZero: false }),
    ...conclusion(mode, result, style),
  ];
}

function conclusion(mode: Mode, result: InitializeCountersResult, style: Style): string[] {
  const { missing, wrong, written, verified } = result;
  if (missing + wrong === 0) {
    return [style.good('✅ All six counters exist and equal the tasks: nothing to do')];
  }
  if (mode !== 'repair') {
    const would = mode === 'dry-run' ? 'DRY RUN: Would create' : '❌ To create:';
    return [
      `${would} ${missing} counters and correct ${wrong}:`,
      ...result.counters.filter(isToWrite).map(changeLine),
    ];
  }
  if (written === 0) return [style.bad('❌ No counter could be written')];
  const all = result.counters.every(({ kind }) => kind !== 'wrong-type');
  return [
    style.good(
      all ? '✅ Counters initialized successfully!' : '✅ Counters initialized, but for what was left alone',
    ),
    `   Created: ${missing}, corrected: ${written - missing}, already right: ${6 - missing - wrong}`,
    '',
    verified
      ? style.good(`✅ Verified: the ${all ? '' : 'other '}counters equal the tasks`)
      : style.bad(NOT_VERIFIED),
  ];
}

function isToWrite({ kind, change }: ReportedCounter): boolean {
  return kind === 'missing' || (kind !== 'wrong-type' && change !== 0);
}
