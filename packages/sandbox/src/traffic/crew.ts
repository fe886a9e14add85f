import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.js';
import type { Claims } from './claims.js';
import type { ExistingTasks } from './existing-tasks.js';
import type { RunEvent } from './judge-timeline.js';
import type { Pacer } from './pacer.js';
import type { TrafficCounts } from './traffic-counts.js';
import type { TrafficFaults, TrafficOptions } from './traffic-options.js';
import type { TrafficClock } from './work-clock.js';

const SCHEDULER_PERIOD_MS = 500;

export interface CrewParts {
  claims: Claims;
  existing: ExistingTasks;
  pacer: Pacer;
  counts: TrafficCounts;
  clock: TrafficClock;
  options: TrafficOptions;
}

/** What all writers share. */
export class Crew {
  /** Once true, nothing new is begun and nothing more goes wrong. */
  stopping = false;

  constructor(readonly parts: Readonly<CrewParts>) {}

  /** Whether a fault strikes now. */
  strikes(fault: Exclude<keyof TrafficFaults, 'schedulerDown'>, random: Random): boolean {
    const share = this.parts.options[fault] ?? 0;
    return share > 0 && !this.stopping && random.next() < share;
  }

  /** Lets one of the real system's windows pass. */
  async window(random: Random): Promise<void> {
    const { windowMs = 0 } = this.parts.options;
    if (windowMs > 0) await sleep(random.next() * windowMs);
  }

  get schedulerIsDown(): boolean {
    const { schedulerDown = 0 } = this.parts.options;
    return (this.parts.clock.now() % SCHEDULER_PERIOD_MS) / SCHEDULER_PERIOD_MS < schedulerDown;
  }

  note(id: string, event: RunEvent, by?: string): void {
    this.parts.options.log?.note(id, event, by);
  }

  noteLost(id: string, how: string): void {
    this.parts.counts.lost++;
    this.note(id, 'lost', how);
  }

  noteDropped(id: string, reason: string): void {
    this.parts.counts.addDropped(reason);
    this.note(id, 'dropped', reason);
  }
}
