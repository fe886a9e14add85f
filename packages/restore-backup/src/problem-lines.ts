import { listLines, plainText } from '@atf/core';
import type { Problem, RestoreBackupResult } from './schema.js';

/** How many problems a text names; JSON has at most 100. */
const SHOWN = 20;

/** What differs from the backup and why, as lines. */
export function problemLines({ problems, problemCount }: RestoreBackupResult): string[] {
  return [
    `⚠️  Differs from the backup: ${problemCount}`,
    ...listLines(problems, (problem) => `${plainText(problem.key)}: ${problemText(problem)}`, {
      shown: SHOWN,
      total: problemCount,
    }),
  ];
}

function problemText({ code, detail, score }: Problem): string {
  switch (code) {
    case 'differs':
      return 'exists and holds something else; left alone (--replace overwrites it)';
    case 'counter-differs':
      return 'exists and holds something else; left alone, because it counts the tasks that exist now';
    case 'counter-unsure':
      return 'may count other tasks than those that are there now';
    case 'queue-exists':
      return 'exists; entries that name no task of the backup were left out';
    case 'other-score':
      return `${scoreText(score)}; left alone (--replace overwrites it)`;
    case 'refused':
      return `this server cannot load it (${plainText(detail ?? '', 80)}); restore it to a newer server`;
    case 'wrong-type':
      return `is a ${plainText(detail ?? '')}, so its entries were left out; rename it and run this again`;
    case 'not-a-sorted-set':
      return 'is not a sorted set, so a member was left out; rename it and run this again';
    case 'not-a-number':
      return 'is not an integer; it was not changed';
  }
}

function scoreText(score: Problem['score']): string {
  if (!score) return 'a member has another score';
  const { member, now, backup } = score;
  return `${plainText(member)} has the score ${plainText(now, 40)} now, ${plainText(backup, 40)} in the backup`;
}
