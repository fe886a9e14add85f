import { describeTarget, keyName, type Target, type TaskState } from '@atf/core';
import { brokerOf } from './find-in-tasks.js';
import type { Finding, Obstacle, Repair } from './finding.js';
import { KINDS, type Kind } from './kinds.js';
import type { EntryFault } from './places/entry-fault.js';
import type { Repairs } from './repair/repair-findings.js';
import type { Fate } from './repair/repair-tasks.js';
import type { Survey } from './survey.js';

/**
 * What became of a finding. `found`: a dry run, it would be repaired; `changed`: not what was judged any more, and left alone;
 * `left`: beyond --limit, or not reached; `reported`: it is only reported.
 */
export type ReportedFate = Fate | 'found' | 'left' | 'reported';

/** A finding in the report. */
export interface ReportedFinding {
  kind: Kind;
  /** The task's id, as `keyName` writes it. */
  id: string;
  state: TaskState | null;
  ageSeconds: number | null;
  workerId: string | null;
  heartbeatAgeSeconds: number | null;
  broker: Finding['broker'];
  dueSeconds: number | null;
  retryCount: number | null;
  maxRetries: number | null;
  fault: EntryFault | null;
  queue: string | null;
  repair: Repair | null;
  obstacle: Obstacle | null;
  fate: ReportedFate;
}

/** How many findings of a kind there are, by what became of them. */
export interface KindCounts {
  kind: Kind;
  found: number;
  repaired: number;
  changed: number;
  left: number;
  reported: number;
}

/** A key of another type than AsyncTaskFlow uses. */
export interface ForeignKey {
  key: string;
  type: string;
}

/** What was found, and what became of it. */
export interface FixStuckTasksResult {
  totalTasks: number;
  /** Met where something is stuck: delete-defective-tasks is for these. */
  defective: number;
  /** Where orphaned PENDING could not be judged: why, and how many old PENDING tasks in no queue there are. Else null. */
  unjudged: { reason: 'no-broker' | 'unreadable-messages'; tasks: number } | null;
  /** The broker that was read; null where none was found. */
  broker: {
    /** Without user and password. */
    url: string;
    messages: number;
    /** In a form that is not read: they may name any task. */
    opaque: number;
    /** No Celery messages. */
    foreign: number;
    foreignKeys: ForeignKey[];
  } | null;
  foreignQueues: ForeignKey[];
  /** By how much this clock is ahead of that of Redis; null where that is a minute or less. */
  clockSkewSeconds: number | null;
  kinds: KindCounts[];
  /** How many of the findings an obstacle keeps from repair. */
  obstructed: number;
  /** Oldest first, up to {@link MOST_REPORTED}; `kinds` counts all. */
  findings: ReportedFinding[];
}

/** Findings that a report names: beyond some hundred thousand a JSON document would be too long for a string. */
export const MOST_REPORTED = 10_000;

/** All keys that have the name of a queue or of the broker, but another type: what they hide is not known. Pure. */
export function foreignKeysOf({ broker, foreignQueues }: FixStuckTasksResult): readonly ForeignKey[] {
  return [...(broker?.foreignKeys ?? []), ...foreignQueues];
}

export interface ResultParts {
  /** What was to be repaired. */
  chosen: ReadonlySet<Finding>;
  /** Undefined where nothing was to be written. */
  repairs: Repairs | undefined;
  broker: Target | null;
  clockSkewSeconds: number | null;
  only: readonly Kind[];
}

/** The report's result. Pure. */
export function resultOf(
  found: Survey,
  { chosen, repairs, broker, clockSkewSeconds, only }: ResultParts,
): FixStuckTasksResult {
  const fateOf = (finding: Finding): ReportedFate => {
    if (finding.repair === null) return 'reported';
    if (!chosen.has(finding)) return 'left';
    return repairs ? (repairs.fates.get(finding) ?? 'left') : 'found';
  };
  const fates = found.findings.map(fateOf);
  const unjudged = unjudgedPart(found, only);
  return {
    totalTasks: found.totalTasks,
    defective: found.defective,
    unjudged,
    broker: broker && brokerPart(broker, found),
    foreignQueues: found.foreignQueues,
    clockSkewSeconds,
    kinds: KINDS.filter((kind) => only.includes(kind) && !(unjudged && kind === 'orphaned-pending')).map(
      (kind) =>
        countsOf(
          kind,
          fates.filter((_, i) => found.findings[i]!.kind === kind),
        ),
    ),
    obstructed: found.findings.filter(({ obstacle }) => obstacle !== null).length,
    findings: found.findings.slice(0, MOST_REPORTED).map((finding, i) => reported(finding, fates[i]!)),
  };
}

function unjudgedPart(
  { look, unjudged: tasks }: Survey,
  only: readonly Kind[],
): FixStuckTasksResult['unjudged'] {
  const broker = brokerOf(look);
  if (broker === 'read' || !only.includes('orphaned-pending')) return null;
  return { reason: broker === 'not-read' ? 'no-broker' : 'unreadable-messages', tasks };
}

function brokerPart(target: Target, { first }: Survey): FixStuckTasksResult['broker'] {
  const { messages = 0, opaque = 0, foreign = 0, foreignKeys = [] } = first.broker ?? {};
  return { url: describeTarget(target.description), messages, opaque, foreign, foreignKeys };
}

function reported(finding: Finding, fate: ReportedFate): ReportedFinding {
  const { kind, id, state, worker, age, basis: _, ...evidence } = finding;
  return {
    kind,
    id: keyName(id),
    state,
    ...evidence,
    ageSeconds: age === null ? null : Math.floor(age / 1000),
    workerId: worker && keyName(worker),
    fate,
  };
}

function countsOf(kind: Kind, fates: readonly ReportedFate[]): KindCounts {
  const count = (wanted: ReportedFate) => fates.filter((fate) => fate === wanted).length;
  return {
    kind,
    found: fates.length,
    repaired: count('repaired'),
    changed: count('changed'),
    left: count('left'),
    reported: count('reported'),
  };
}
