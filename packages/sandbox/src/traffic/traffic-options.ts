import type { State } from '../keys.js';
import type { RunLog } from './run-log.js';
import type { TrafficClock } from './work-clock.js';

export interface Transition {
  taskId: string;
  /** Null: created. */
  from: State | null;
  /** Null: deleted. */
  to: State | null;
}

/** What goes wrong, as it really comes about; each a share from 0 to 1, default 0. Nothing goes wrong once traffic stops. */
export interface TrafficFaults {
  /** Of the tasks at whose end the worker is killed: all that it runs stays ACTIVE, and its last beat expires. */
  killShare?: number;
  /** Of the broker's messages: they are gone, their tasks orphaned PENDING. */
  loseShare?: number;
  /** Of the ids that a consumer has in hand: it dies before it sends them, with the same effect. */
  consumerDeathShare?: number;
  /** Of the tasks to be filed in the sorted set or the DLQ: the worker dies after the hash is written. */
  tornShare?: number;
  /** Of the time: the scheduler is down, half a second being up and down once; due tasks wait. */
  schedulerDown?: number;
}

/** How long things take, in milliseconds. */
export interface TrafficTimes {
  /**
   * The windows in which a task is in no place that can be read, or its message unacknowledged: in the consumer's hand, taken
   * by a worker, acknowledged and not yet started, ended and not yet in the sorted set or the DLQ. Each is random, up to
   * this; 0 (default) makes them a round trip, and the last one none.
   */
  windowMs?: number;
  /** A task takes a random time up to this; left out: some steps of its writer. */
  taskMs?: number;
  /** A task that has run for longer is killed, as Celery does it: it stays ACTIVE. Default: none. */
  hardLimitMs?: number;
  /** A worker's beat, at the start and the end of a task only, is gone after this; default 90,000. */
  beatTtlMs?: number;
  /** A task that failed is due again within this; default 500. */
  retryMs?: number;
}

export interface TrafficOptions extends TrafficFaults, TrafficTimes {
  /** Each has a connection of its own and plays API, consumer, worker and scheduler in turn. */
  writers: number;
  seed: number;
  /** Transitions a second of all writers together; default: as fast as they go. */
  ratePerSecond?: number | undefined;
  /** Milliseconds that each writer rests between two steps; default 0. */
  think?: number;
  /** False: a system without counters, none is touched. Default true. */
  counters?: boolean;
  /** States of tasks already there that writers look for and change or delete; default all, `[]` none. */
  adopt?: readonly State[];
  /** Ids of ACTIVE tasks whose workers live: writers go on with them and end them. Leave ACTIVE out of `adopt` then. */
  takeOver?: readonly string[];
  /**
   * API and scheduler `WATCH` the task that they change and give way where another program changed it meanwhile, so that
   * a race of theirs is not taken for a fault of that program. Default false. Workers never do.
   */
  watch?: boolean;
  /**
   * A worker runs every message whose task exists, whatever its state, and writes its result, whoever has the task by then:
   * what is queued twice runs twice, as with Celery. Default false: such a message is dropped, and counted.
   */
  strict?: boolean;
  /** By which it works. Default: the real time. */
  clock?: TrafficClock;
  /** Records each start and end of a task, and each event that permits another start. */
  log?: RunLog;
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
  /** Tasks that vanished on their way from a pending list to their start. */
  lost: number;
  /** Tasks in SCHEDULED or DLQ whose id the worker did not file. */
  torn: number;
  /** Messages that a worker took and did not run, by the reason. */
  dropped: Record<string, number>;
  seconds: number;
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
