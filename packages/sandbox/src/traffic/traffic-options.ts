import type { State } from '../keys.js';

export interface Transition {
  taskId: string;
  /** Null: created. */
  from: State | null;
  /** Null: deleted. */
  to: State | null;
}

export interface TrafficOptions {
  /** Each has a connection of its own and plays API, consumer, worker and scheduler in turn. */
  writers: number;
  seed: number;
  /** Transitions a second of all writers together; default: as fast as they go. */
  ratePerSecond?: number;
  /** Milliseconds that each writer rests between two steps; default 0. */
  think?: number;
  /** False: a system without counters, none is touched. Default true. */
  counters?: boolean;
  /** States of tasks already there that writers look for and change or delete; default all, `[]` none. */
  adopt?: readonly State[];
  /** Share of running tasks whose worker is killed: they stay ACTIVE, its last beat expires. Default 0. */
  killShare?: number;
  /** Called after each transition is done. */
  onTransition?: (transition: Transition) => void;
}

export interface TrafficStats {
  /** By `FROM -> TO`, with `new` before a creation and `deleted` after a deletion. */
  transitions: Record<string, number>;
  /** All of them. */
  total: number;
  created: number;
  deleted: number;
  /** Tasks left ACTIVE by a killed worker. */
  killed: number;
  seconds: number;
  perSecond: number;
  /** What broke a writer off, for example a server that went; empty when all went well. */
  errors: string[];
}

export interface Traffic {
  /** The figures so far. */
  stats(): TrafficStats;
  /**
   * Ends after the current transitions: workers finish what they run, nothing is left half done, the connections are closed.
   * Never rejects; may be called twice.
   */
  stop(): Promise<TrafficStats>;
}
