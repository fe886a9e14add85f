import {
  type Argument,
  counterKey,
  dlqTaskKey,
  ID_LISTS,
  isTaskState,
  keyRecord,
  loadReadingScript,
  type Position,
  type Redis,
  refuseTooLarge,
  runScript,
  type SavedKey,
  SCHEDULED_KEY,
  type TaskRecord,
} from '@atf/core';
import type { Candidate } from '../detect/candidate.js';

const GATHER_TASK = loadReadingScript(import.meta.url, './gather-task.lua');

/** A task's record for the backup, and a hash that shows the deletion whether the task has changed since. */
export interface GatheredTask {
  evidence: Buffer;
  record: TaskRecord;
}

type Reference = [id: Buffer, copy: SavedKey | null, score: Buffer | null];
type Reply = [evidence: Buffer, counted: number, task: SavedKey, references: Reference[]];

/**
 * Reads everything that a deletion would remove with a task; undefined if the task is gone. Cost: one call.
 * @throws AtfError `BACKUP` if the task is too large for a record
 */
export async function gatherTask(
  client: Redis,
  { key, ids, state }: Candidate,
  positions: readonly Position[],
): Promise<GatheredTask | undefined> {
  const counter = isTaskState(state) ? [counterKey(state)] : [];
  const reply = await runScript<Reply | null>(client, GATHER_TASK, {
    keys: [key, SCHEDULED_KEY, ...counter],
    args: ids,
  });
  if (reply === null) return undefined;
  const [evidence, counted, task, references] = reply;
  refuseTooLarge(key, [task, ...references.map(([, copy]) => copy)].reduce(dumpBytes, 0));
  const own = positions.filter(({ id }) => references.some(([ownId]) => ownId.equals(ids[id]!)));
  return {
    evidence,
    record: {
      type: 'task',
      task: keyRecord(key, task),
      copies: references.flatMap(([id, copy]) =>
        copy ? [keyRecord(Buffer.concat([Buffer.from(dlqTaskKey('')), id]), copy)] : [],
      ),
      entries: own.map(({ list, fromTail, id }) => ({
        type: 'list-entry',
        key: base64(ID_LISTS[list]!),
        element: base64(ids[id]!),
        fromTail,
      })),
      members: references.flatMap(([id, , score]) =>
        score
          ? [
              {
                type: 'member' as const,
                key: base64(SCHEDULED_KEY),
                member: base64(id),
                score: score.toString(),
              },
            ]
          : [],
      ),
      counted: counted === 1 && isTaskState(state) ? state : null,
    },
  };
}

const dumpBytes = (sum: number, whole: SavedKey | null) => sum + (whole?.[0].length ?? 0);

function base64(bytes: Argument): string {
  return Buffer.from(bytes).toString('base64');
}
