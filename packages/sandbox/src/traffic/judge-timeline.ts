/**
 * What can happen to a task. `popped`: by the consumer; `lost`: in hand, in the broker or acknowledged; `dropped`: its message
 * reached a worker, which did not run it; `taken over`: it ran before the log began; `taken away`: its worker came to end
 * it and found that it is no longer its own; `retried` and `deleted` by the API; `torn`: not filed after its end.
 */
export type RunEvent =
  | 'created'
  | 'popped'
  | 'lost'
  | 'dropped'
  | 'started'
  | 'taken over'
  | 'taken away'
  | 'completed'
  | 'rescheduled'
  | 'dead'
  | 'torn'
  | 'killed'
  | 'retried'
  | 'deleted';

export interface TimelineEntry {
  /** Milliseconds since the log began. */
  at: number;
  event: RunEvent;
  /** The worker, or a reason. */
  by?: string;
}

const ENDS: readonly RunEvent[] = ['completed', 'rescheduled', 'dead', 'killed'];
/** After each of these a task is to run once more. */
const ENTITLE: readonly RunEvent[] = ['rescheduled', 'killed', 'retried'];

/**
 * What a task's timeline proves, as parts of sentences; empty where all is well. The main rule counts messages: each that
 * reaches a worker must have been due, by the task's creation, a rescheduled failure, a killed worker or a retry of the API.
 * A message that was lost counts on neither side, and so its replacement is free; whoever puts back a task that was not
 * lost makes one message more than are due, whether or not it did harm this time.
 */
export function judgeTimeline(entries: readonly TimelineEntry[], allowance = 0): string[] {
  const count = (...events: RunEvent[]): number =>
    entries.filter(({ event }) => events.includes(event)).length;
  const due = ownRuns(entries[0]) + count(...ENTITLE) + allowance;
  const [starts, messages, completions] = [count('started'), count('started', 'dropped'), count('completed')];
  const found = [...overlaps(entries), ...takenAway(entries)];
  if (completions > 1) found.push(`was completed ${completions} times`);
  if (starts > due) found.push(`was started ${starts} times where ${due} were due`);
  else if (messages > due) {
    found.push(`was put back though it was not lost (${messages} messages where ${due} were due)`);
  }
  return found;
}

/** A task that is first seen dead, or running already, is due no start of its own. */
const ownRuns = (first: TimelineEntry | undefined): number =>
  first?.event === 'retried' || first?.event === 'taken over' ? 0 : 1;

function overlaps(entries: readonly TimelineEntry[]): string[] {
  const running: string[] = [];
  const found: string[] = [];
  for (const { event, by = '' } of entries) {
    if (event === 'started' || event === 'taken over') {
      if (running.length > 0) found.push(`was started by ${by} while ${running.join(' and ')} still ran it`);
      running.push(by);
    } else if (ENDS.includes(event) && running.includes(by)) running.splice(running.indexOf(by), 1);
  }
  return found;
}

const takenAway = (entries: readonly TimelineEntry[]): string[] =>
  entries
    .filter(({ event }) => event === 'taken away')
    .map(({ by }) => `was taken from a live worker that ran it: ${by}`);
