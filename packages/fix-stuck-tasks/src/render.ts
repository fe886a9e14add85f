import { describeTarget, modeName, noTasksLines, paragraph, plainText, type Report, table } from '@atf/core';
import type { Style } from '@atf/core/cli';
import { KIND_TEXT } from './kinds.js';
import { evidenceText } from './report/evidence-text.js';
import { wrongTypeKeysOf } from './report/result.js';
import { type FixStuckTasksResult, type KindCounts, MAX_REPORTED, type ReportedFinding } from './schema.js';

type Ending = Pick<Report<unknown>, 'mode' | 'outcome'>;
type Rendered = Ending & Pick<Report<unknown>, 'target'> & { result: FixStuckTasksResult };

/** Findings that the text shows; --json has more. */
const SHOWN = 100;

/** The report as text. */
export function renderFixStuckTasks({ mode, outcome, target, result }: Rendered, style: Style): string[] {
  const isRepair = mode === 'repair';
  return [
    'Stuck Task Repair Utility',
    `Redis URL: ${target ? describeTarget(target) : ''}`,
    `Mode: ${modeName(mode, 'REPAIR')}`,
    '',
    `Scanned ${result.totalTasks} tasks`,
    brokerLine(result),
    ...noTasksLines(result.totalTasks, target),
    ...warnings(result).map((line) => style.bad(`⚠️  ${line}`)),
    ...paragraph(
      table(
        columns(isRepair),
        result.kinds.map((counts) => rowOf(counts, isRepair)),
      ),
    ),
    ...paragraph(findingLines(result)),
    '',
    ...conclusion(result, { mode, outcome }, style),
  ];
}

function brokerLine({ broker }: FixStuckTasksResult): string {
  if (!broker) return 'Broker: none found';
  const { url, messages, nonCelery } = broker;
  return `Broker: ${url}, ${counted(messages, 'message')}${nonCelery > 0 ? `, ${nonCelery} of them not of Celery` : ''}`;
}

function warnings(result: FixStuckTasksResult): string[] {
  const { unjudged, defective, clockSkewSeconds } = result;
  const lines: string[] = [];
  if (unjudged) lines.push(unjudgedLine(unjudged));
  for (const { key, type } of wrongTypeKeysOf(result)) {
    lines.push(
      `Left alone: ${plainText(key)} is a ${plainText(type)}, no queue. Rename or delete it, then run this again.`,
    );
  }
  if (defective > 0) {
    lines.push(`Left alone: ${counted(defective, 'defective task')}. delete-defective-tasks is for these.`);
  }
  if (clockSkewSeconds !== null) {
    const direction = clockSkewSeconds > 0 ? 'ahead of' : 'behind';
    lines.push(
      `This clock is ${Math.abs(clockSkewSeconds)} s ${direction} that of Redis: ages are judged by this one.`,
    );
  }
  return lines;
}

function unjudgedLine({ reason, tasks }: NonNullable<FixStuckTasksResult['unjudged']>): string {
  const why =
    reason === 'no-broker'
      ? 'because no trace of a broker was found: name the right one with --broker-url'
      : 'because there are broker messages that cannot be read, which may name any task';
  const left = tasks > 0 ? ` Left alone: ${counted(tasks, 'PENDING task')} in no queue.` : '';
  return `Orphaned PENDING cannot be judged ${why}.${left}`;
}

function columns(isRepair: boolean) {
  const names = isRepair ? ['Found', 'Repaired', 'Changed', 'Left'] : ['Found', 'To repair'];
  return [{ heading: 'Finding', width: 19 }, ...names.map((heading) => ({ heading, width: heading.length }))];
}

function rowOf({ kind, found, repaired, changed, left, reported }: KindCounts, isRepair: boolean): string[] {
  const numbers = isRepair ? [found, repaired, changed, left + reported] : [found, found - left - reported];
  return [KIND_TEXT[kind], ...numbers.map(String)];
}

function findingLines({ findings, kinds }: FixStuckTasksResult): string[] {
  const more = kinds.reduce((total, { found }) => total + found, 0) - SHOWN;
  return [
    ...findings
      .slice(0, SHOWN)
      .flatMap((finding, i) => [
        `${i + 1}. ${plainText(finding.id)} (${KIND_TEXT[finding.kind]})`,
        `   ${evidenceText(finding)}${outcomeText(finding)}`,
      ]),
    ...(more > 0 ? [`… and ${more} more (--json names up to ${MAX_REPORTED})`] : []),
  ];
}

function outcomeText({ outcome }: ReportedFinding): string {
  if (outcome === 'changed') return '; left alone: it has changed meanwhile';
  return outcome === 'left' ? '; not reached' : '';
}

function conclusion(result: FixStuckTasksResult, ending: Ending, style: Style): string[] {
  const { obstructed } = result;
  return [
    ...repairLines(result, ending, style),
    ...(obstructed > 0 ? [style.bad(`❌ ${counted(obstructed, 'finding')} that cannot be repaired`)] : []),
  ];
}

function repairLines(result: FixStuckTasksResult, { mode, outcome }: Ending, style: Style): string[] {
  const { kinds, unjudged, obstructed } = result;
  const sum = (name: keyof Omit<KindCounts, 'kind'>) =>
    kinds.reduce((total, counts) => total + counts[name], 0);
  const toRepair = sum('found') - sum('reported');
  if (toRepair === 0) {
    if (obstructed > 0) return [];
    const isSure = sum('reported') === 0 && !unjudged?.tasks && wrongTypeKeysOf(result).length === 0;
    return [style.good(isSure ? 'Nothing is stuck.' : 'Nothing to repair.')];
  }
  if (mode === 'dry-run') return [`DRY RUN: Would repair ${counted(toRepair, 'finding')}`];
  if (mode === 'check') return [style.bad(`❌ ${counted(toRepair, 'finding')} to repair`)];
  const repaired = `Repaired ${sum('repaired')} of ${toRepair}`;
  return [
    outcome === 'repaired' ? style.good(`✅ ${repaired}`) : style.bad(`⚠️  ${repaired}`),
    ...(sum('changed') > 0
      ? [style.bad(`   Left alone because they have changed meanwhile: ${sum('changed')}`)]
      : []),
    ...(sum('left') > 0 ? [`   Not reached: ${sum('left')}; run it again`] : []),
  ];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
