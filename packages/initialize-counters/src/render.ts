import {
  changeLine,
  counted,
  counterLines,
  NOT_VERIFIED,
  type Report,
  type ReportedCounter,
} from '@atf/core';
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
  const { counters, changes, missing, wrong, written, verified } = result;
  if (missing + wrong === 0) return [style.good(`✅ ${allWell(counters)}: nothing to do`)];
  if (mode !== 'repair') {
    const would = mode === 'dry-run' ? 'DRY RUN: Would create' : '❌ To create:';
    return [`${would} ${counted(missing, 'counter')} and correct ${wrong}:`, ...changes.map(changeLine)];
  }
  if (written === 0) return [style.bad('❌ No counter could be written')];
  const isAll = counters.every(({ kind }) => kind !== 'wrong-type');
  const right = counters.filter(({ kind, change }) => kind !== 'missing' && change === 0).length;
  return [
    style.good(
      isAll
        ? '✅ Counters initialized successfully!'
        : '✅ Counters initialized, but for what was left alone',
    ),
    `   Created: ${missing}, corrected: ${written - missing}, already right: ${right}`,
    ...changes.filter(isRepeated).map((counter) => `   Became wrong again, corrected: ${counter.state}`),
    '',
    verified
      ? style.good(`✅ Verified: the ${isAll ? '' : 'other '}counters equal the tasks`)
      : style.bad(NOT_VERIFIED),
  ];
}

function allWell(counters: InitializeCountersResult['counters']): string {
  if (counters.every(({ kind }) => kind !== 'missing')) return 'All six counters exist and equal the tasks';
  return 'The counters equal the tasks, and each missing one stands for no task';
}

/** True for a second write of the same counter. */
function isRepeated({ state }: ReportedCounter, index: number, changes: readonly ReportedCounter[]): boolean {
  return changes.findIndex((other) => other.state === state) < index;
}
