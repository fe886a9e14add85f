/** What another client felt, in milliseconds. */
export interface PingTimes {
  p99: number;
  max: number;
}

/** One row of the table: medians of all repeats. */
export interface Result {
  what: string;
  /** Tasks, or keys, in the database. */
  tasks: number;
  seconds: number;
  /** How many times as long the plain way takes; absent where it was not measured or there is none. */
  plainRatio?: number;
  /** The same for redis-cli; null where there is no redis-cli here. */
  cliRatio?: number | null;
  /** How many times as long as the floor the tool takes. */
  floorRatio?: number;
  peakMb?: number;
  ping?: PingTimes;
  /** The same client shortly before, without the tool. */
  idlePing?: PingTimes;
  /** What is compared with: for the rows that have no floor. */
  note?: string;
  /** How much of the floor's time its server had a processor. */
  floorCpuShare?: number;
  /** All runs, for who wants to look. */
  floorSeconds?: number[];
  toolSeconds?: number[];
  /** True where the machine was too busy to compare times. */
  disturbed?: boolean;
  goals: Goal[];
}

/** A number that is to be reached. */
export interface Goal {
  text: string;
  /** Undefined: the machine was too busy to tell. */
  reached: boolean | undefined;
}

/** A goal that a number must not exceed; without the number it is not reached. */
export function atMost(text: string, number: number | undefined, limit: number): Goal {
  return { text, reached: number !== undefined && number <= limit };
}

export function atLeast(text: string, number: number | undefined, limit: number): Goal {
  return { text, reached: number !== undefined && number >= limit };
}

/** The goals of a row. If it was disturbed, goals about time are not judged, but goals about memory are. Pure. */
export function judgedGoals(goals: readonly Goal[], disturbed: boolean): Goal[] {
  if (!disturbed) return [...goals];
  return goals.map((goal) => (/memory|^peak/.test(goal.text) ? goal : { ...goal, reached: undefined }));
}
