export { type RestoreBackupOptions, restoreBackup } from './restore-backup.js';
export {
  type BackupFacts,
  type Kind,
  type OutcomeCounts,
  type Problem,
  type ProblemCode,
  type RestoreBackupResult,
  type RestoreOutcome,
  restoreBackupReportSchema,
} from './schema.js';
