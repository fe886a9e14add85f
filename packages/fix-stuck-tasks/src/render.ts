import {
  counted,
  emptyWarningLines,
  headingLines,
  isTaskState,
  paragraph,
  plainText,
  type Report,
  table,
} from '@atf/core';
import type { Style } from '@atf/core/cli';
import { durationText } from './duration-text.js';
import { type Kind, REPORTED_KINDS } from './kinds.js';
import { evidenceText } from './report/evidence-text.js';
import { wrongTypeKeysOf } from './report/result.js';
import { type FixStuckTasksResult, type KindCounts, MAX_REPORTED, type ReportedFinding } from './schema.js';

type Ending = Pick<Report<unknown>, 'mode' | 'outcome'>;
type Rendered = Ending & Pick<Report<unknown>, 'target'> & { result: FixStuckTasksResult };

/** Findings that the text shows; --json has more. */
const SHOWN = 100;
/** A longer list of findings ends with a summary. */
const LONG = 20;

/** The report as text. */
export function renderFixStuckTasks({ mode, outcome, target, result }: Rendered, style: Style): string[] {
  const isRepair = mode === 'repair';
  return [
    ...headingLines('Stuck Task Repair Utility', { mode, target }, 'REPAIR'),
    `Scanned ${result.totalTasks} tasks`,
    brokerLine(result),
    ...emptyWarningLines(result.totalTasks, 'task', target),
    ...warnings(result).map((line) => style.bad(`⚠️  ${line}`)),
    ...paragraph(
      table(
        columns(isRepair),
        shownKinds(result).map((counts) => rowOf(counts, isRepair)),
      ),
    ),
    ...paragraph(findingLines(result)),
    ...paragraph(notes(result)),
    '',
    ...conclusion(result, { mode, outcome }, style),
  ];
}

/** Kinds that are never repaired are shown only if something was found. */
function shownKinds({ kinds }: FixStuckTasksResult): KindCounts[] {
  return kinds.filter(({ kind, found }) => found > 0 || !REPORTED_KINDS.includes(kind));
}

function brokerLine({ broker }: FixStuckTasksResult): string {
  if (!broker) return 'Broker: none found';
  const { url, knowledge, messages, others, nonCelery } = broker;
  const parts = [`Broker: ${url}, ${counted(messages, 'message')}`];
  if (others > 0) parts.push(`${others} of other programs`);
  if (nonCelery > 0) parts.push(`${nonCelery} of them not of Celery`);
  if (knowledge === 'not-ours') parts.push('perhaps not of AsyncTaskFlow');
  return parts.join(', ');
}

function warnings(result: FixStuckTasksResult): string[] {
  const { undecided, defective, broker } = result;
  const lines: string[] = [];
  if (undecided) lines.push(undecidedLine(undecided, broker));
  for (const { key, type } of wrongTypeKeysOf(result)) {
    lines.push(
      `Left alone: ${plainText(key)} is a ${plainText(type)}, no queue. Rename or delete it, then run this again.`,
    );
  }
  if (defective > 0) {
    lines.push(`Left alone: ${counted(defective, 'defective task')}. delete-defective-tasks is for these.`);
  }
  return lines;
}

/** Why tasks are undecided, and what the operator can do. */
function undecidedLine(
  { reason, tasks }: NonNullable<FixStuckTasksResult['undecided']>,
  broker: FixStuckTasksResult['broker'],
): string {
  const left = `Undecided, and left alone: ${counted(tasks, 'task')} whose message may wait in Celery's broker.`;
  switch (reason) {
    case 'not-found':
      return `${left} No broker was found: name it with --broker-url.`;
    case 'not-ours':
      return `${left} The broker beside the tasks may belong to another program: name the right one with --broker-url.`;
    case 'unreadable': {
      const unreadable = broker?.unreadable ?? 0;
      const what = unreadable > 0 ? counted(unreadable, 'message') : 'A queue';
      return `${left} ${what} cannot be read and may name any task: run this again when workers have taken it, or name another broker with --broker-url.`;
    }
  }
}

/** Facts that are useful, although nothing is wrong. */
function notes({ alive, oldUnacknowledged, repeatedMessages }: FixStuckTasksResult): string[] {
  const lines: string[] = [];
  if (alive.workers + alive.consumers === 0) {
    lines.push(
      'No worker and no consumer sends heartbeats: what is in the queues waits until one is started.',
    );
  } else if (alive.consumers === 0) {
    lines.push('No consumer sends heartbeats: what is in the queues waits until one is started.');
  }
  if (oldUnacknowledged) {
    const { messages, oldestSeconds, redeliveryInSeconds: left } = oldUnacknowledged;
    const when = left > 0 ? `in ${durationText(left)}` : 'as soon as a worker reads it';
    lines.push(
      `${counted(messages, 'message')} not acknowledged for up to ${durationText(oldestSeconds)}: Celery delivers the oldest again ${when}, by its default visibility timeout of 1h.`,
    );
  }
  if (repeatedMessages > 0) {
    const how = repeatedMessages === 1 ? '1 message is' : `${repeatedMessages} messages are`;
    lines.push(`${how} in the broker twice: Celery runs each of them twice.`);
  }
  return lines.map((line) => `Note: ${line}`);
}

/** A kind in words: its own name, with the state in capitals. */
function kindText(kind: Kind): string {
  const words = kind.split('-').map((word) => (isTaskState(word.toUpperCase()) ? word.toUpperCase() : word));
  return words.join(' ');
}

function columns(isRepair: boolean) {
  const names = isRepair ? ['Found', 'Repaired', 'Changed', 'Left'] : ['Found', 'To repair'];
  return [{ heading: 'Finding', width: 19 }, ...names.map((heading) => ({ heading, width: heading.length }))];
}

function rowOf({ kind, found, repaired, changed, left, reported }: KindCounts, isRepair: boolean): string[] {
  const numbers = isRepair ? [found, repaired, changed, left + reported] : [found, found - left - reported];
  return [kindText(kind), ...numbers.map(String)];
}

function findingLines(result: FixStuckTasksResult): string[] {
  const { findings, kinds } = result;
  const total = sumOf(result, 'found');
  const more = total - SHOWN;
  const summary = kinds
    .filter(({ found }) => found > 0)
    .map(({ kind, found }) => `   ${found}: ${kindText(kind)}`);
  return [
    ...findings
      .slice(0, SHOWN)
      .flatMap((finding, i) => [
        `${i + 1}. ${plainText(finding.id)} (${kindText(finding.kind)})`,
        `   ${evidenceText(finding)}${outcomeText(finding)}`,
      ]),
    ...(more > 0 ? [`… and ${more} more (--json names up to ${MAX_REPORTED})`] : []),
    ...(total > LONG ? ['', `${counted(total, 'finding')} by kind:`, ...summary] : []),
  ];
}

function outcomeText({ outcome }: ReportedFinding): string {
  if (outcome === 'changed') return '; left alone: it has changed meanwhile';
  return outcome === 'left' ? '; not reached' : '';
}

function conclusion(result: FixStuckTasksResult, ending: Ending, style: Style): string[] {
  const { obstructed, kinds } = result;
  const reported = kinds.filter(({ kind }) => REPORTED_KINDS.includes(kind));
  const forOperator = reported.reduce((total, { found }) => total + found, 0);
  const lines = [
    ...(obstructed > 0 ? [`❌ ${counted(obstructed, 'finding')} that cannot be repaired`] : []),
    ...(forOperator > 0 ? [`❌ ${counted(forOperator, 'finding')} that only you can repair`] : []),
  ];
  return [
    ...(lines.length > 0 && toRepair(result) === 0 ? [] : repairLines(result, ending, style)),
    ...lines.map((line) => style.bad(line)),
  ];
}

function repairLines(result: FixStuckTasksResult, { mode, outcome }: Ending, style: Style): string[] {
  const sum = (name: Count) => sumOf(result, name);
  const total = toRepair(result);
  if (total === 0) {
    const isSure = sum('reported') === 0 && wrongTypeKeysOf(result).length === 0;
    return [style.good(isSure ? 'Nothing is stuck.' : 'Nothing to repair.')];
  }
  if (mode === 'dry-run') {
    const left = sum('left');
    const which = left > 0 ? `${total - left} of ${counted(total, 'finding')}` : counted(total, 'finding');
    return [`DRY RUN: Would repair ${which}`];
  }
  if (mode === 'check') return [style.bad(`❌ ${counted(total, 'finding')} to repair`)];
  const repaired = `Repaired ${sum('repaired')} of ${total}`;
  return [
    outcome === 'repaired' ? style.good(`✅ ${repaired}`) : style.bad(`⚠️  ${repaired}`),
    ...(sum('changed') > 0
      ? [style.bad(`   Left alone because they have changed meanwhile: ${sum('changed')}`)]
      : []),
    ...(sum('left') > 0 ? [`   Not reached: ${sum('left')}; run it again`] : []),
  ];
}

type Count = keyof Omit<KindCounts, 'kind'>;
const sumOf = ({ kinds }: FixStuckTasksResult, name: Count): number =>
  kinds.reduce((total, counts) => total + counts[name], 0);
const toRepair = (result: FixStuckTasksResult): number => sumOf(result, 'found') - sumOf(result, 'reported');
