import { isoformat, MINUTE, type Micros, SECOND } from '../python.js';
import type { Random } from '../random.js';
import * as shape from '../shapes/task-shapes.js';
import { articleText, pdfContent } from './contents.js';

export interface MadeTask {
  id: string;
  fields: shape.TaskFields;
  /** Unix time in seconds at which to retry, of a scheduled task. */
  score?: number;
}

const ERRORS: ReadonlyArray<readonly [errorType: string, error: string]> = [
  ['Default', 'OpenRouter API error: OpenRouter API error: 400'],
  ['Default', 'PDF extraction API error: Unable to get page count. Is poppler installed and in PATH?'],
  ['RateLimitError', 'OpenRouter API error: OpenRouter API error: 429'],
  ['ServiceUnavailable', 'OpenRouter API error: OpenRouter API error: 503'],
];

/** Contents longer than this are PDFs. */
const LONGEST_ARTICLE = 100_000;

/** Makes whole tasks, as they are after a life up to the wanted state; each draws its id and times from the seed. */
export class TaskMaker {
  #made = 0;

  constructor(
    readonly random: Random,
    readonly now: Micros,
    readonly options: { contentBytes: number | undefined; workers: readonly string[] },
  ) {}

  /** Microseconds before now, between two ages. */
  ago(youngest: Micros, oldest: Micros): Micros {
    return this.now - youngest - this.random.int(oldest - youngest);
  }

  #newTask(createdAt: Micros): shape.NewTask {
    const n = ++this.#made;
    const id = this.random.uuid();
    const bytes = this.options.contentBytes;
    const pdf = this.random.int(5) === 0 || (bytes ?? 0) > LONGEST_ARTICLE;
    if (pdf) return { id, createdAt, ...pdfContent(n, bytes) };
    return { id, createdAt, content: articleText(n, bytes) };
  }

  #run(createdAt: Micros, workerId = this.random.pick(this.options.workers)): shape.Run {
    return { workerId, startedAt: createdAt + 9_000 + this.random.int(15_000) };
  }

  #failures(run: shape.Run, count: number, lastRetryAt?: number): shape.Failure[] {
    const [errorType, error] = this.random.pick(ERRORS);
    return Array.from({ length: count }, (_, index) => {
      const at = run.startedAt + 3_000 + index * 20 * SECOND + this.random.int(60_000);
      const own = at / SECOND + 5 + this.random.next();
      return {
        at,
        error,
        errorType,
        retryAt: index === count - 1 && lastRetryAt !== undefined ? lastRetryAt : own,
      };
    });
  }

  /** PENDING since its creation. */
  pending(createdAt: Micros): MadeTask {
    const task = this.#newTask(createdAt);
    return { id: task.id, fields: shape.pendingTask(task) };
  }

  /** PENDING again: it failed once and has been due. */
  retried(createdAt: Micros): MadeTask {
    const task = this.#newTask(createdAt);
    const run = this.#run(createdAt);
    const fields = shape.scheduledTask(task, run, this.#failures(run, 1));
    const updated = isoformat(run.startedAt + 7 * SECOND + this.random.int(SECOND));
    return { id: task.id, fields: { ...fields, state: 'PENDING', updated_at: updated } };
  }

  /** Started now or long ago, by a given worker or one of the live ones. */
  active(createdAt: Micros, workerId?: string): MadeTask {
    const task = this.#newTask(createdAt);
    return { id: task.id, fields: shape.activeTask(task, this.#run(createdAt, workerId)) };
  }

  /** Failed three times of three, and started once more. */
  lastAttempt(createdAt: Micros, workerId: string): MadeTask {
    const task = this.#newTask(createdAt);
    const run = this.#run(createdAt, workerId);
    const fields = shape.scheduledTask(task, run, this.#failures(run, 3));
    const startedAt = run.startedAt + MINUTE + this.random.int(10 * SECOND);
    return { id: task.id, fields: { ...fields, ...shape.startedFields({ workerId, startedAt }) } };
  }

  completed(createdAt: Micros): MadeTask {
    const task = this.#newTask(createdAt);
    const run = this.#run(createdAt);
    const completedAt = run.startedAt + 40_000 + this.random.int(30 * SECOND);
    return { id: task.id, fields: shape.completedTask(task, { ...run, completedAt }) };
  }

  /** Waits for its retry at `score`, Unix time in seconds. */
  scheduled(createdAt: Micros, score: number): MadeTask {
    const task = this.#newTask(createdAt);
    const run = this.#run(createdAt);
    return { id: task.id, fields: shape.scheduledTask(task, run, this.#failures(run, 1, score)), score };
  }

  /** Given up after its retries, or (a third of them) at once. */
  dlq(createdAt: Micros): MadeTask {
    const task = this.#newTask(createdAt);
    const run = this.#run(createdAt);
    const attempts = this.random.int(3) === 0 ? 1 : 4;
    return { id: task.id, fields: shape.dlqTask(task, run, this.#failures(run, attempts)) };
  }

  failed(createdAt: Micros): MadeTask {
    const task = this.#newTask(createdAt);
    const run = this.#run(createdAt);
    const [failure] = this.#failures(run, 1) as [shape.Failure];
    return { id: task.id, fields: shape.failedTask(task, run, failure) };
  }

  /** Created between an hour and a week ago: the age of final tasks. */
  longAgo(): Micros {
    return this.ago(60 * MINUTE, 7 * 24 * 60 * MINUTE);
  }

  /** Unix time in seconds, with the digits of `time.time()`, that many seconds from now or less than one more. */
  secondsFromNow(seconds: number): number {
    return Math.round((this.now / SECOND + seconds + this.random.next()) * 1e7) / 1e7;
  }
}
