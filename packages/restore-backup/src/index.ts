export { type RestoreBackupOptions, restoreBackup } from './restore-backup.js';
export type { Fate } from './restore-record.js';
export type { BackupFacts, Fates, Kind, Problem, ProblemCode, RestoreBackupResult } from './result.js';
export { restoreBackupReportSchema } from './schema.js';
