import { plainText } from '@atf/core';
import type { Problem, RestoreBackupResult } from './schema.js';

/** How many are named in text; JSON has up to 100. */
const SHOWN = 20;

/** What could not be put back and why, as lines. */
export function problemLines({ problems, problemCount }: RestoreBackupResult): string[] {
  const shown = problems.slice(0, SHOWN);
  const more = problemCount - shown.length;
  return [
    `⚠️  Not as the backup has it: ${problemCount}`,
    ...shown.map((problem) => `   - ${plainText(problem.key)}: ${problemText(problem)}`),
    ...(more > 0 ? [`   … and ${more} more`] : []),
  ];
}

function problemText({ code, detail, score }: Problem): string {
  switch (code) {
    case 'differs':
      return 'exists and holds something else; left alone (--replace overwrites it)';
    case 'counter-differs':
      return 'exists and holds something else; left alone, it may count tasks of now (never overwritten)';
    case 'counter-unsure':
      return 'was there, and so may count tasks of now beside those that came back';
    case 'queue-replaced':
      return 'held something else and is replaced: entries that came since the backup are lost, and their tasks are in no queue';
    case 'other-score':
      return `${scoreText(score)}; left alone (--replace overwrites it)`;
    case 'refused':
      return `the server cannot read its dump (${plainText(detail ?? '', 80)}): it is of a newer Redis, or damaged; restore it to a newer one`;
    case 'not-a-list':
      return `is a ${plainText(detail ?? '')}, no list; its entries were left out. Rename it and run this again`;
    case 'not-a-sorted-set':
      return 'is no sorted set; a member was left out. Rename it and run this again';
    case 'not-a-number':
      return 'is no number; it was not changed';
  }
}

function scoreText(score: Problem['score']): string {
  if (!score) return 'a member has another score';
  const { member, now, backup } = score;
  return `${plainText(member)} has the score ${plainText(now, 40)} now, ${plainText(backup, 40)} in the backup`;
}
