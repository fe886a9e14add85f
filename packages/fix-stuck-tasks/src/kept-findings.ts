import type { Obstacle, TaskFinding } from './detect/finding.js';
import type { Kind } from './kinds.js';
import { OldestFindings } from './oldest-findings.js';
import { MAX_REPORTED } from './schema.js';

/** How many findings of tasks one run repairs: each needs 0.5 kB. */
const MOST_REPAIRED = 50_000;

/** How many findings were not kept, by kind. They are only counted. */
export type BeyondKept = Record<'repairable' | 'obstructed' | 'reported', ReadonlyMap<Kind, number>>;

/** Keeps the oldest findings of tasks. Many findings that cannot be repaired never take the place of one that can. */
export class KeptFindings {
  readonly #repairable: OldestFindings<TaskFinding>;
  readonly #obstructed: OldestFindings<TaskFinding>;
  readonly #reported: OldestFindings<TaskFinding>;

  constructor(
    private readonly obstacleOf: (finding: TaskFinding) => Obstacle | null,
    { mostRepaired = MOST_REPAIRED, mostReported = MAX_REPORTED } = {},
  ) {
    this.#repairable = new OldestFindings(mostRepaired);
    this.#obstructed = new OldestFindings(mostReported);
    this.#reported = new OldestFindings(mostReported);
  }

  add(finding: TaskFinding): void {
    if (finding.repair === null) this.#reported.add(finding);
    else if (this.obstacleOf(finding)) this.#obstructed.add(finding);
    else this.#repairable.add(finding);
  }

  /** Counts a finding that is only reported, without keeping it. */
  countReported(kind: Kind): void {
    this.#reported.count(kind);
  }

  /** The kept findings, and how many more there are. */
  result(): { findings: TaskFinding[]; beyond: BeyondKept } {
    const [repairable, obstructed, reported] = [this.#repairable, this.#obstructed, this.#reported];
    return {
      findings: [...repairable.oldest(), ...obstructed.oldest(), ...reported.oldest()],
      beyond: {
        repairable: repairable.beyond,
        obstructed: obstructed.beyond,
        reported: reported.beyond,
      },
    };
  }
}
