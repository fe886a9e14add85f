/** A line where a database holds no task at all: as a rule it is the wrong one, and all would seem well. Else none. */
export function noTasksLines(totalTasks: number): string[] {
  return totalTasks > 0
    ? []
    : ['⚠️  No task in this database: if there should be some, check host, port and database number.'];
}
