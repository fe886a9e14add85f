import type { CounterDifference } from '../count-states.js';
import type { ModelFaults } from '../model-check/check-model.js';
import type { TrafficOptions, TrafficStats } from '../traffic/traffic-options.js';

/** The options that a tool gets for the system that it repairs. The limits are short, like the traffic's times. */
export interface RepairContext {
  /** The clock: that of the traffic, two hours later once all is quiet. */
  now: () => Date;
  /** Resolves when the traffic has worked for so many milliseconds by its clock; at once where all is quiet. */
  wait(ms: number): Promise<void>;
  /** No live worker runs a task for as long as this; its heartbeat may be gone long before. */
  activeTimeoutMs: number;
  /** A task may be on its way from its list to its worker for some hundredths of this, and have been PENDING for an hour. */
  pendingTimeoutMs: number;
  /** The scheduler moves what is due in less than this, unless it is down. */
  scheduledGraceMs: number;
}

/** The tool under test: repairs the database at the URL once, and resolves to the number of repairs that it made. */
export type Repair = (url: string, context: RepairContext) => Promise<number>;

export interface RepairRunsOptions {
  /** How many systems to repair; each has its own seed and database. */
  runs: number;
  /** Of the first run; the next has the next. Default 1. */
  seed?: number;
  /** Runs at once, in databases of one server: 1 to 16. Default 12. */
  parallel?: number;
  /** Calls of the tool under traffic, in each run. Default 2. */
  repairs?: number;
  /** Default: every second run; the others have entries that are stale or twice in a list, which a strict worker runs. */
  strict?: boolean;
  /** Changes the traffic: its faults, its times, its writers. */
  traffic?: Partial<TrafficOptions>;
}

/** One run: how hard it was, and what is wrong after it. */
export interface RepairRun {
  seed: number;
  strict: boolean;
  /** Starts of tasks by workers. */
  starts: number;
  /** Repairs that the tool made under traffic, and afterwards when all was quiet. */
  repaired: { underTraffic: number; afterwards: number };
  /** The traffic's own figures: killed, lost, torn, dropped and so on. */
  traffic: TrafficStats;
  seconds: number;
  /** What the run log and the look after each repair prove; a sentence each, with the id and its timeline. */
  violations: string[];
  /** What `checkModel` finds at the end. */
  faults: ModelFaults;
  /** Tasks that are not in a final state at the end: id and state. */
  unfinished: string[];
  differences: CounterDifference[];
  /** All of the above as sentences, with the seed: empty where the run was right. */
  wrong: string[];
}
