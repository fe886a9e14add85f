import { reportSchema, TASK_STATES } from '@atf/core';
import * as z from 'zod';
import { OBSTACLES, REPAIRS } from './finding.js';
import { KINDS } from './kinds.js';
import { MOST_REPORTED } from './result.js';

const count = z.int().nonnegative();
const text = z.string().nullable();
const seconds = z.int().nullable();
const foreignKeys = z.array(z.strictObject({ key: z.string(), type: z.string() }));

const finding = z.strictObject({
  kind: z.enum(KINDS),
  id: z.string(),
  state: z.enum(TASK_STATES).nullable(),
  ageSeconds: seconds,
  workerId: text,
  heartbeatAgeSeconds: seconds,
  broker: z.enum(['read', 'not-read', 'unreadable']).nullable(),
  dueSeconds: seconds,
  retryCount: count.nullable(),
  maxRetries: z.int().nullable(),
  fault: z.enum(['ghost', 'state', 'twice', 'both', 'unscheduled']).nullable(),
  queue: text,
  repair: z.enum(REPAIRS).nullable(),
  obstacle: z.strictObject({ code: z.enum(OBSTACLES), queue: z.string(), type: text }).nullable(),
  fate: z.enum(['found', 'repaired', 'changed', 'left', 'reported']),
});

/** Schema of what `fix-stuck-tasks --json` prints. */
export const fixStuckTasksReportSchema = reportSchema(
  'fix-stuck-tasks',
  z.strictObject({
    totalTasks: count,
    defective: count,
    unjudged: z
      .strictObject({ reason: z.enum(['no-broker', 'unreadable-messages']), tasks: count })
      .nullable(),
    broker: z
      .strictObject({ url: z.string(), messages: count, opaque: count, foreign: count, foreignKeys })
      .nullable(),
    foreignQueues: foreignKeys,
    clockSkewSeconds: seconds,
    kinds: z.array(
      z.strictObject({
        kind: z.enum(KINDS),
        found: count,
        repaired: count,
        changed: count,
        left: count,
        reported: count,
      }),
    ),
    obstructed: count,
    findings: z.array(finding).max(MOST_REPORTED),
  }),
);
