/** The things that a tool can change, in singular and plural. */
export const WORK_NOUNS = {
  tasks: ['task', 'tasks'],
  copies: ['dead-letter copy', 'dead-letter copies'],
  members: ['member of a sorted set', 'members of sorted sets'],
  entries: ['queue entry', 'queue entries'],
  keys: ['key', 'keys'],
  results: ['Celery result', 'Celery results'],
  findings: ['finding', 'findings'],
  counters: ['counter', 'counters'],
} as const;

export type WorkNoun = keyof typeof WORK_NOUNS;
