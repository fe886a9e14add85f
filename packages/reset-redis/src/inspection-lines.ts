import { ageText, listLines, plainText, sizeText, TASK_STATES, table, type Workers } from '@atf/core';
import type { Inspection } from './schema.js';

/** How many unrelated keys, and how many workers, a text names. */
const SHOWN = 10;

/** Everything that an inspection found, as lines. */
export function inspectionLines(inspection: Inspection, workers: Workers): string[] {
  return [
    ...kindLines(inspection),
    '',
    'Queues:',
    ...inspection.queues.map(({ key, depth }) => `   ${key}: ${depth ?? 'of another type, no queue'}`),
    '',
    ...taskLines(inspection),
    '',
    ...workerLines(workers),
    '',
    ...sharedLines(inspection.shared),
    ...unrelatedLines(inspection),
  ];
}

function kindLines({ kinds }: Inspection): string[] {
  const present = kinds.filter(({ keys }) => keys > 0);
  if (present.length === 0) return ["AsyncTaskFlow's keys: none"];
  const keys = present.reduce((sum, kind) => sum + kind.keys, 0);
  const known = present.flatMap(({ estimatedBytes }) => (estimatedBytes === null ? [] : [estimatedBytes]));
  const bytes = known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0);
  const columns = [
    { heading: 'Kind', width: 22 },
    { heading: 'Key', width: 24 },
    { heading: 'Keys', width: 8 },
    { heading: 'Memory', width: 8 },
  ];
  const rows = present.map((kind) => [
    kind.kind,
    kind.pattern,
    String(kind.keys),
    kind.estimatedBytes === null
      ? 'unknown'
      : `${kind.measured < kind.keys ? '~' : ''}${sizeText(kind.estimatedBytes)}`,
  ]);
  return [
    `AsyncTaskFlow's keys: ${keys}, ${memoryText(bytes)}${bytes === null ? '' : ' (~: an estimate from some that were measured)'}`,
    ...table(columns, rows).map((line) => `   ${line}`),
  ];
}

function memoryText(bytes: number | null): string {
  return bytes === null ? 'memory unknown (Redis refuses MEMORY USAGE)' : `about ${sizeText(bytes)}`;
}

function taskLines({ tasks, kinds }: Inspection): string[] {
  const copies = kinds.find(({ kind }) => kind === 'dead-letter-copy')?.keys ?? 0;
  if (!tasks) return ['Tasks by state: they change too fast to be counted', `Dead-letter copies: ${copies}`];
  return [
    'Tasks by state:',
    ...TASK_STATES.map((state) => `   ${state}: ${tasks.states[state]}`),
    ...(tasks.unknownState > 0 ? [`   in an unknown state: ${tasks.unknownState}`] : []),
    ...(tasks.missingState > 0 ? [`   without a state: ${tasks.missingState}`] : []),
    `Dead-letter copies: ${copies}`,
  ];
}

function workerLines({ live, stale, named }: Workers): string[] {
  return [
    `Workers alive: ${live}${stale > 0 ? `; with an old heartbeat: ${stale}` : ''}`,
    ...listLines(
      named,
      ({ id, live, ageSeconds }) => `${plainText(id)}: ${live ? 'alive' : 'old'}, ${ageText(ageSeconds)}`,
      { shown: SHOWN, total: live + stale },
    ),
  ];
}

function unrelatedLines({ unrelated: { keys, estimatedBytes, wrongType, samples } }: Inspection): string[] {
  if (keys === 0) return ["Keys that are not AsyncTaskFlow's: 0"];
  return [
    `Keys that are not AsyncTaskFlow's: ${keys}, ${memoryText(estimatedBytes)}`,
    ...(wrongType > 0 ? [`   ${wrongType} of them with a name of AsyncTaskFlow's, but of another type`] : []),
    ...listLines(samples, ({ key, type }) => `${plainText(key)} (${plainText(type, 20)})`, {
      shown: SHOWN,
      total: keys,
    }),
  ];
}

/** Celery's keys that another program uses too, or may. */
export function sharedLines({ keys, ours, others, named }: Inspection['shared']): string[] {
  if (keys === 0) return [];
  return [
    `Celery's keys that another program may use, kept: ${keys}, with ${others} messages that are not AsyncTaskFlow's`,
    ...(ours > 0
      ? [`   ${ours} messages of AsyncTaskFlow in them: a reset without --backup removes these`]
      : []),
    ...listLines(named, (key) => `${plainText(key.key)}: ${key.others} kept, ${key.ours} of AsyncTaskFlow`, {
      shown: SHOWN,
      total: keys,
    }),
  ];
}
