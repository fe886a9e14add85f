/** What can be wrong, in the order of reports. Monitors may rely on the names. */
export const KINDS = [
  'stuck-active',
  'orphaned-pending',
  'orphaned-scheduled',
  'overdue-scheduled',
  'orphaned-dlq',
  'failed',
  'ghost-entry',
  'stale-entry',
] as const;

export type Kind = (typeof KINDS)[number];

/** Each kind in words. */
export const KIND_TEXT: Readonly<Record<Kind, string>> = {
  'stuck-active': 'stuck ACTIVE',
  'orphaned-pending': 'orphaned PENDING',
  'orphaned-scheduled': 'orphaned SCHEDULED',
  'overdue-scheduled': 'overdue SCHEDULED',
  'orphaned-dlq': 'orphaned DLQ',
  failed: 'FAILED in no queue',
  'ghost-entry': 'ghost queue entry',
  'stale-entry': 'stale queue entry',
};
