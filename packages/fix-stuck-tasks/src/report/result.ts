import { describeTarget, keyName, type Target, type Work, type WrongTypeKey } from '@atf/core';
import { type Finding, idBytes } from '../detect/finding.js';
import { mayRunTwice } from '../detect/placement.js';
import type { BeyondKept } from '../kept-findings.js';
import { KINDS, REPORTED_KINDS } from '../kinds.js';
import type { Settings } from '../options.js';
import type { Repairs } from '../repair/repair-findings.js';
import { type FixStuckTasksResult, type KindCounts, MAX_REPORTED, type ReportedFinding } from '../schema.js';
import { isConsumer, type SearchResult } from '../search.js';

type Outcome = ReportedFinding['outcome'];

/** All keys with the name of a queue or of the broker, but of another type. Pure. */
export function wrongTypeKeysOf({ broker, wrongTypeQueues }: FixStuckTasksResult): WrongTypeKey[] {
  return [...(broker?.wrongTypeKeys ?? []), ...wrongTypeQueues];
}

interface ResultParts {
  /** The findings that this run is to repair: some of all findings, in the same order. */
  chosen: readonly Finding[];
  /** Undefined if the run writes nothing. */
  repairs: Repairs | undefined;
  broker: Target;
  settings: Settings;
  dryRun: boolean;
}

/** How the run ended, and what it reports. Pure. */
export function workOf(found: SearchResult, parts: ResultParts): Work<FixStuckTasksResult> {
  return { outcome: runOutcome(found, parts), result: resultOf(found, parts) };
}

/** Findings beyond --limit, or that need an --include, do not make a run partial. */
function runOutcome(
  { findings, beyond, wrongType }: SearchResult,
  { chosen, repairs, settings, dryRun }: ResultParts,
): Work<FixStuckTasksResult>['outcome'] {
  // A finding cannot be repaired, a key of the wrong type may hide findings, or there are more findings than one run repairs.
  const isPart =
    wrongType.length > 0 ||
    beyond.obstructed.size > 0 ||
    findings.some(({ obstacle }) => obstacle !== null) ||
    (beyond.repairable.size > 0 && chosen.length < (settings.limit ?? Number.POSITIVE_INFINITY));
  if (chosen.length === 0 && !isPart) {
    const reported = [...findings.map(({ kind }) => kind), ...beyond.reported.keys()];
    return reported.some((kind) => REPORTED_KINDS.includes(kind)) ? 'found' : 'clean';
  }
  if (dryRun) return 'found';
  if (repairs?.stopped) return 'stopped';
  return isPart || [...(repairs?.outcomes.values() ?? [])].includes('changed') ? 'partial' : 'repaired';
}

/** The report's result. Pure. */
export function resultOf(found: SearchResult, parts: ResultParts): FixStuckTasksResult {
  const { broker, settings } = parts;
  const { findings, first } = found;
  const outcomes = outcomesOf(findings, parts);
  const consumers = first.heartbeats.filter(isConsumer).length;
  return {
    totalTasks: found.totalTasks,
    defective: found.defective,
    undecided: undecidedPart(found),
    broker: brokerPart(broker, found),
    wrongTypeQueues: found.wrongType,
    alive: { workers: first.heartbeats.length - consumers, consumers },
    oldUnacknowledged: oldUnacknowledgedPart(found, settings),
    repeatedMessages: found.snapshot.broker?.repeated ?? 0,
    kinds: kindCounts(found, outcomes, settings),
    obstructed: findings.filter(({ obstacle }) => obstacle !== null).length + sumOf(found.beyond.obstructed),
    findings: findings.slice(0, MAX_REPORTED).map((finding, i) => reportedFinding(finding, outcomes[i]!)),
  };
}

/** What became of each finding. */
function outcomesOf(
  findings: readonly Finding[],
  { chosen, repairs }: Pick<ResultParts, 'chosen' | 'repairs'>,
): Outcome[] {
  let next = 0;
  return findings.map((finding) => {
    if (finding.repair === null) return 'reported';
    if (finding !== chosen[next]) return 'left';
    next++;
    return repairs ? (repairs.outcomes.get(finding) ?? 'left') : 'found';
  });
}

const sumOf = (counts: BeyondKept['obstructed']): number => [...counts.values()].reduce((a, b) => a + b, 0);

function undecidedPart({ findings, beyond, snapshot }: SearchResult): FixStuckTasksResult['undecided'] {
  const reason = snapshot.brokerKnowledge;
  const undecidedBeyond = [...beyond.obstructed].filter(([kind]) => mayRunTwice({ kind }, reason));
  const tasks =
    findings.filter(({ obstacle }) => obstacle?.code === 'undecided').length +
    sumOf(new Map(undecidedBeyond));
  return tasks === 0 || reason === 'read' ? null : { reason, tasks };
}

function brokerPart(
  target: Target,
  { first: { broker, brokerKnowledge } }: SearchResult,
): FixStuckTasksResult['broker'] {
  if (!broker || brokerKnowledge === 'not-found') return null;
  const { messages, others, unreadable, nonCelery, wrongTypeKeys } = broker;
  return {
    url: describeTarget(target.description),
    knowledge: brokerKnowledge,
    messages,
    others,
    unreadable,
    nonCelery,
    wrongTypeKeys,
  };
}

/** Celery's default. The value in use is not in Redis. */
const VISIBILITY_TIMEOUT_SECONDS = 3_600;

function oldUnacknowledgedPart(
  { snapshot, now }: SearchResult,
  { activeTimeoutMs }: Settings,
): FixStuckTasksResult['oldUnacknowledged'] {
  const ages = Array.from(
    snapshot.broker?.takenAt.values() ?? [],
    (takenAt) => now.getTime() / 1000 - takenAt,
  );
  const old = ages.filter((age) => age > activeTimeoutMs / 1000);
  if (old.length === 0) return null;
  const oldestSeconds = Math.floor(old.reduce((a, b) => Math.max(a, b)));
  return {
    messages: old.length,
    oldestSeconds,
    redeliveryInSeconds: VISIBILITY_TIMEOUT_SECONDS - oldestSeconds,
  };
}

function reportedFinding(finding: Finding, outcome: Outcome): ReportedFinding {
  const { kind, id: _id, state, worker, age, basis: _basis, ...evidence } = finding;
  return {
    kind,
    id: keyName(idBytes(finding)),
    state,
    ...evidence,
    ageSeconds: age === null ? null : Math.floor(age / 1000),
    workerId: worker && keyName(Buffer.from(worker, 'latin1')),
    outcome,
  };
}

function kindCounts(
  { findings, beyond }: SearchResult,
  outcomes: readonly Outcome[],
  { only }: Settings,
): KindCounts[] {
  const all = KINDS.filter((kind) => only.includes(kind)).map((kind): KindCounts => {
    const left = beyond.repairable.get(kind) ?? 0;
    const reported = (beyond.obstructed.get(kind) ?? 0) + (beyond.reported.get(kind) ?? 0);
    return { kind, found: left + reported, repaired: 0, changed: 0, left, reported };
  });
  const byKind = new Map(all.map((counts) => [counts.kind, counts]));
  for (const [i, { kind }] of findings.entries()) {
    const counts = byKind.get(kind)!;
    counts.found++;
    const outcome = outcomes[i]!;
    if (outcome !== 'found') counts[outcome]++;
  }
  return all;
}
