export { type BackupContent, type ReadOptions, readBackup } from './backup/backup-reader.js';
export { BackupWriter } from './backup/backup-writer.js';
export { dumpKeys, keyRecord, type SavedKey, unlinkUnchanged } from './backup/dump-keys.js';
export { refuseTooLarge } from './backup/largest-record.js';
export type {
  BackupHeader,
  BackupRecord,
  KeyRecord,
  MemberRecord,
  QueueRecord,
  TaskRecord,
} from './backup/records.js';
export { isSavedByEntry, saveQueue } from './backup/save-queue.js';
export { refuseUnusableBackup, startBackup } from './backup/start-backup.js';
export { CompactKeyMap } from './counting/compact-key-map.js';
export { type CounterRow, hasNoCounters, isDrifted } from './counting/compare-counters.js';
export { observedStateOfLetter } from './counting/observed-state.js';
export { openTaskCounter, type TaskCounterOptions } from './counting/open-task-counter.js';
export { COUNTER_PERMISSIONS, TRACKING } from './counting/permissions.js';
export {
  type ReconcileOptions,
  type Reconciliation,
  reconcileCounters,
} from './counting/reconcile-counters.js';
export { COUNTER_KEYS, type Snapshot, type TaskCounter } from './counting/snapshot.js';
export { type Deps, depsOf, type ProgressUpdate, type Step } from './deps.js';
export { AtfError, type ErrorCode, type ErrorDetails, StoppedError, type StopReason } from './errors.js';
export { boundQueues } from './model/broker-bindings.js';
export { readQueuedMessage, readUnackedMessage } from './model/broker-messages.js';
export { bytesText } from './model/bytes.js';
export type { StateCounter } from './model/counters.js';
export { ageOfBeat, isFresh } from './model/heartbeats.js';
export {
  isDefect,
  type JudgedFields,
  judgedFields,
  judgeTask,
  type TaskFinding,
  type TaskJudgement,
  taskFindingSchema,
} from './model/judge-task.js';
export { keyName } from './model/key-name.js';
export {
  BROKER_QUEUE_KEY,
  BROKER_UNACKED_KEY,
  CELERY_META_KEY_PATTERN,
  counterKey,
  DLQ_KEY,
  dlqTaskKey,
  heartbeatKey,
  PENDING_PRIMARY_KEY,
  PENDING_RETRY_KEY,
  QUEUE_UPDATES_CHANNEL,
  restoreJournalKey,
  SCHEDULED_KEY,
  TASK_KEY_PREFIX,
  taskKey,
} from './model/keys.js';
export { KEY_KINDS, type KeyKind, type KeyKindName, kindOfKey } from './model/keyspace.js';
export { plainText } from './model/plain-text.js';
export { sizeText } from './model/size-text.js';
export { TASK_FIELDS, type Task, taskSchema } from './model/task.js';
export { OBSERVED_STATES, type ObservedState, type TaskCounts, tasksInCounts } from './model/task-counts.js';
export { FILTER_ARGUMENTS, isTaskId, JUDGED_FIELDS } from './model/task-rules.js';
export { isTaskState, TASK_STATES, type TaskState } from './model/task-states.js';
export { formatTimestamp, type Moment, parseTimestamp, unixSeconds } from './model/timestamps.js';
export {
  type BrokerKeys,
  type DiscoveredKeys,
  KeyDiscovery,
  type NotedKeys,
} from './queues/broker-keys.js';
export type { BrokerSnapshot } from './queues/broker-notes.js';
export { readTakenMessages } from './queues/broker-snapshot.js';
export type { DoubtfulEntry } from './queues/doubtful-entries.js';
export { findPositions, type Position, type Positions } from './queues/find-positions.js';
export { anchorArguments, MAX_NEWER } from './queues/id-list.js';
export { type Broker, openBroker } from './queues/open-broker.js';
export { ID_LISTS, QUEUE_KEYS, type WrongTypeKey } from './queues/queue-keys.js';
export {
  BROKER_KNOWLEDGE,
  type BrokerKnowledge,
  type IdQueues,
  type Locations,
  locationsOf,
  type QueueSnapshot,
  readBrokerAfter,
  readIdQueues,
  takeQueueSnapshot,
  updateQueueSnapshot,
  wrongTypeQueues,
} from './queues/queue-snapshot.js';
export { isWaiting, scoreOf } from './queues/scheduled-set.js';
export { ShiftedPositions } from './queues/shifted-positions.js';
export { ageText, findWorkers, refuseWhileAlive } from './queues/workers.js';
export { type Workers, workersSchema } from './queues/workers-schema.js';
export { BINARY, type Redis } from './redis/client.js';
export { type ConnectOptions, closeTarget, connectTarget } from './redis/connect.js';
export { countKeys } from './redis/count-keys.js';
export { readDataVersion } from './redis/data-version.js';
export { failureOf, isRefusal } from './redis/failure.js';
export { KeyPage, type PackedKeys } from './redis/key-page.js';
export {
  type HeldLock,
  LOCK_HELD_MS,
  type LockUser,
  MAINTENANCE_LOCK_KEY,
  type MaintenanceLock,
  withMaintenanceLock,
} from './redis/maintenance-lock.js';
export type { Pace } from './redis/pace.js';
export { Pacer } from './redis/pacer.js';
export { mayRun, type Permissions, READING, WRITING } from './redis/permissions.js';
export { parseRedisUrl } from './redis/redis-url.js';
export { scanFraction } from './redis/scan-fraction.js';
export { scanPages } from './redis/scan-pages.js';
export {
  type Argument,
  loadReadingScript,
  loadScript,
  type Operands,
  runScript,
  type Script,
} from './redis/script.js';
export { serverClock } from './redis/server-clock.js';
export { readServerInfo } from './redis/server-info.js';
export type { ServerTimer } from './redis/server-time.js';
export { describeTarget, type Target, targetOf } from './redis/target.js';
export type { TargetDescription } from './redis/target-schema.js';
export { runUnderLock } from './redis/under-lock.js';
export { counted } from './report/counted.js';
export { counterMetrics } from './report/counter-metrics.js';
export {
  counterLines,
  counterResult,
  counterResultShape,
  NOT_VERIFIED,
} from './report/counter-result.js';
export { emptyWarningLines } from './report/empty-warning-lines.js';
export { headingLines } from './report/heading-lines.js';
export { listLines } from './report/list-lines.js';
export type { MetricSample } from './report/metrics.js';
export { paragraph } from './report/paragraph.js';
export type { Mode, Outcome, Report, Work } from './report/report.js';
export { reportSchema } from './report/report-schema.js';
export { changeLine, type ReportedCounter } from './report/reported-counters.js';
export { table } from './report/table.js';
export { taskFindingSummary, taskFindingText } from './report/task-finding-text.js';
export type { WorkDone } from './work-done-schema.js';
export { WORK_NOUNS } from './work-nouns.js';
