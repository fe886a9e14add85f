import type { Finding } from './detect/finding.js';
import type { Kind } from './kinds.js';

/** Sorts after so many too many, because sorting for each finding would cost too much. */
const SURPLUS = 1.2;

/** Keeps the oldest findings, and only counts the others. So the memory does not depend on how many there are. */
export class OldestFindings<F extends Finding> {
  /** How many findings of each kind were not kept. Their evidence is not confirmed. */
  readonly beyond = new Map<Kind, number>();
  #findings: F[] = [];
  /** The age of the youngest kept finding, once enough are kept. Only an older finding can replace one. */
  #leastAge = Number.NEGATIVE_INFINITY;

  constructor(private readonly most: number) {}

  add(finding: F): void {
    if (ageOrder(finding) <= this.#leastAge) this.count(finding.kind);
    else this.#findings.push(finding);
    if (this.#findings.length >= this.most * SURPLUS) this.#trim();
  }

  /** Counts a finding without keeping it. */
  count(kind: Kind): void {
    this.beyond.set(kind, (this.beyond.get(kind) ?? 0) + 1);
  }

  /** The kept findings, oldest first. */
  oldest(): readonly F[] {
    this.#trim();
    return this.#findings;
  }

  #trim(): void {
    this.#findings.sort(oldestFirst);
    for (const { kind } of this.#findings.splice(this.most)) this.count(kind);
    if (this.#findings.length === this.most) this.#leastAge = ageOrder(this.#findings.at(-1)!);
  }
}

/** Sorts the oldest findings to the front, and those without an age to the end. */
export const oldestFirst = (a: Finding, b: Finding): number => ageOrder(b) - ageOrder(a);
const ageOrder = ({ age }: Finding): number => age ?? Number.MIN_SAFE_INTEGER;
