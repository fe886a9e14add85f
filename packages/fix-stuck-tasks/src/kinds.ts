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
  'queued-and-sent',
  'not-consumed',
  'unindexed-message',
  'future-active',
] as const;

export type Kind = (typeof KINDS)[number];

/** What is wrong, but never repaired: nobody but the operator can tell what is right. */
export const REPORTED_KINDS: readonly Kind[] = [
  'queued-and-sent',
  'not-consumed',
  'unindexed-message',
  'future-active',
];

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
  'queued-and-sent': 'queued and sent',
  'not-consumed': 'nobody consumes',
  'unindexed-message': 'lost message',
  'future-active': 'ACTIVE in future',
};
