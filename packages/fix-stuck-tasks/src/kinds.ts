/** What can be wrong, in the order of reports. The names are part of the contract: --only, --json and metrics use them. */
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

/** Kinds that are reported and never repaired: only the operator knows what is right. */
export const REPORTED_KINDS: readonly Kind[] = [
  'queued-and-sent',
  'not-consumed',
  'unindexed-message',
  'future-active',
];
