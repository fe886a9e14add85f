export { type RestoreBackupOptions, restoreBackup } from './restore-backup.js';
export { type Problem, type RestoreBackupResult, restoreBackupReportSchema } from './schema.js';
