import { judgeTimeline, type RunEvent, type TimelineEntry } from './judge-timeline.js';

/** The timelines of tasks under traffic, and what they prove. One log may serve several traffics on one database. */
export class RunLog {
  readonly #startedAt = performance.now();
  readonly #timelines = new Map<string, TimelineEntry[]>();
  readonly #allowances = new Map<string, number>();

  note(id: string, event: RunEvent, by?: string): void {
    const entry = { at: performance.now() - this.#startedAt, event, ...(by === undefined ? {} : { by }) };
    const entries = this.#timelines.get(id);
    if (entries === undefined) this.#timelines.set(id, [entry]);
    else entries.push(entry);
  }

  /** Excuses so many messages of a task, for example of one that was queued twice before the traffic began. */
  allow(id: string, messages: number): void {
    this.#allowances.set(id, messages);
  }

  /** How often an event was noted. */
  count(event: RunEvent): number {
    const entries = [...this.#timelines.values()].flat();
    return entries.filter((entry) => entry.event === event).length;
  }

  /** What happened to a task, in words: `12 ms popped, 15 ms started (celery-w1@vm-30001), …`. */
  timeline(id: string): string {
    const entries = this.#timelines.get(id) ?? [];
    return entries
      .map(({ at, event, by }) => `${at.toFixed(0)} ms ${event}${by === undefined ? '' : ` (${by})`}`)
      .join(', ');
  }

  /**
   * A sentence for each thing that must not be, with the task's id and timeline. Only complete after a drain: an id that
   * still waits in a list has not yet shown whether it is one too many.
   */
  violations(): string[] {
    return [...this.#timelines].flatMap(([id, entries]) =>
      judgeTimeline(entries, this.#allowances.get(id)).map((what) => `${id} ${what}: ${this.timeline(id)}`),
    );
  }
}
