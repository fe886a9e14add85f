/**
 * The six states of a task, in the order in which operators know them. Upper case in the task's hash, lower case
 * in the key of the state's counter.
 */
export const TASK_STATES = ['PENDING', 'ACTIVE', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'] as const;

export type TaskState = (typeof TASK_STATES)[number];

/** A value for each of the six states. */
export type PerState<T> = Record<TaskState, T>;

/** True for the exact spelling that AsyncTaskFlow writes; `completed` is not a state. */
export function isTaskState(value: string): value is TaskState {
  return (TASK_STATES as readonly string[]).includes(value);
}

/** Builds one value for each state, in the order of {@link TASK_STATES}. */
export function perState<T>(build: (state: TaskState, index: number) => T): PerState<T> {
  return Object.fromEntries(TASK_STATES.map((state, index) => [state, build(state, index)])) as PerState<T>;
}
