export { restoreBackupMetrics as metrics } from './metrics.js';
export { renderRestoreBackup as render } from './render.js';
export { restoreBackup as work } from './restore-backup.js';
