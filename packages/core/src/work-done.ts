import type { WorkDone } from './work-done-schema.js';
import { WORK_NOUNS, type WorkNoun } from './work-nouns.js';

/** What a run had written before it failed, in words. Pure. */
export function workDoneText({ action, counts, unconfirmed }: WorkDone): string {
  const done = Object.entries(counts).filter(([, count]) => count > 0);
  const total = done.reduce((sum, [, count]) => sum + count, 0);
  const list = done.map(([noun, count]) => `${count} ${WORK_NOUNS[noun as WorkNoun][count === 1 ? 0 : 1]}`);
  const confirmed = `${list.join(', ')} ${total === 1 ? 'was' : 'were'} ${action} before the failure.`;
  const more = `Up to ${unconfirmed} ${total > 0 ? 'more ' : ''}${unconfirmed === 1 ? 'change' : 'changes'} may have been made: run it again.`;
  return [...(total > 0 ? [confirmed] : []), ...(unconfirmed > 0 ? [more] : [])].join(' ');
}

/** True if nothing was written, or can have been. Pure. */
export function isNothing({ counts, unconfirmed }: WorkDone): boolean {
  return unconfirmed === 0 && Object.values(counts).every((count) => count === 0);
}
