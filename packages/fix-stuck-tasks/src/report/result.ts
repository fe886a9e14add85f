import { brokerKnowledge, describeTarget, keyName, type Target, type WrongTypeKey } from '@atf/core';
import type { Finding } from '../detect/finding.js';
import { KINDS, type Kind } from '../kinds.js';
import type { Repairs } from '../repair/repair-findings.js';
import { type FixStuckTasksResult, type KindCounts, MAX_REPORTED, type ReportedFinding } from '../schema.js';
import type { SearchResult } from '../search.js';

type Outcome = ReportedFinding['outcome'];

/** All keys that have the name of a queue or of the broker, but another type: what they hide is not known. Pure. */
export function wrongTypeKeysOf({ broker, wrongTypeQueues }: FixStuckTasksResult): WrongTypeKey[] {
  return [...(broker?.wrongTypeKeys ?? []), ...wrongTypeQueues];
}

export interface ResultParts {
  /** What was to be repaired. */
  chosen: ReadonlySet<Finding>;
  /** Undefined if nothing was to be written. */
  repairs: Repairs | undefined;
  broker: Target | null;
  clockSkewSeconds: number | null;
  only: readonly Kind[];
}

/** The report's result. Pure. */
export function resultOf(
  found: SearchResult,
  { chosen, repairs, broker, clockSkewSeconds, only }: ResultParts,
): FixStuckTasksResult {
  const outcomeOf = (finding: Finding): Outcome => {
    if (finding.repair === null) return 'reported';
    if (!chosen.has(finding)) return 'left';
    return repairs ? (repairs.outcomes.get(finding) ?? 'left') : 'found';
  };
  const unjudged = unjudgedPart(found, only);
  const kinds = KINDS.filter((kind) => only.includes(kind) && !(unjudged && kind === 'orphaned-pending'));
  return {
    totalTasks: found.totalTasks,
    defective: found.defective,
    unjudged,
    broker: broker && brokerPart(broker, found),
    wrongTypeQueues: found.wrongType,
    clockSkewSeconds,
    kinds: kinds.map((kind) =>
      countsOf(kind, found.findings.filter((finding) => finding.kind === kind).map(outcomeOf)),
    ),
    obstructed: found.findings.filter(({ obstacle }) => obstacle !== null).length,
    findings: found.findings
      .slice(0, MAX_REPORTED)
      .map((finding) => reportedFinding(finding, outcomeOf(finding))),
  };
}

function unjudgedPart(
  { snapshot, unjudged: tasks }: SearchResult,
  only: readonly Kind[],
): FixStuckTasksResult['unjudged'] {
  const knowledge = brokerKnowledge(snapshot);
  if (knowledge === 'read' || !only.includes('orphaned-pending')) return null;
  return { reason: knowledge === 'not-read' ? 'no-broker' : 'unreadable-messages', tasks };
}

function brokerPart(target: Target, { first }: SearchResult): FixStuckTasksResult['broker'] {
  const { messages = 0, opaque = 0, nonCelery = 0, wrongTypeKeys = [] } = first.broker ?? {};
  return { url: describeTarget(target.description), messages, opaque, nonCelery, wrongTypeKeys };
}

function reportedFinding(finding: Finding, outcome: Outcome): ReportedFinding {
  const { kind, id, state, worker, age, basis: _, ...evidence } = finding;
  return {
    kind,
    id: keyName(id),
    state,
    ...evidence,
    ageSeconds: age === null ? null : Math.floor(age / 1000),
    workerId: worker && keyName(worker),
    outcome,
  };
}

function countsOf(kind: Kind, outcomes: readonly Outcome[]): KindCounts {
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    kind,
    found: outcomes.length,
    repaired: count('repaired'),
    changed: count('changed'),
    left: count('left'),
    reported: count('reported'),
  };
}
