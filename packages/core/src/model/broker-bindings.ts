/** A queue that a binding names, as latin1 text, because names are bytes. */
export interface BoundQueue {
  queue: string;
  /** What separates the parts of the binding, and a queue from its priority. */
  separator: string;
  /** False if the binding could not be taken apart; `queue` is then all of it. */
  isSure: boolean;
}

const DEFAULT_SEPARATOR = '\x06\x16';
/** Longer ones are not searched for an unusual separator. */
const MAX_MEMBER = 1_000;

/**
 * Takes the members of kombu's bindings apart: `routing key SEPARATOR pattern SEPARATOR queue`. The separator is a setting. An
 * unusual one is recognized by the bindings without a pattern, where it stands twice in a row. Pure.
 */
export function boundQueues(members: readonly string[]): BoundQueue[] {
  const separators = new Set([DEFAULT_SEPARATOR, ...members.flatMap(unusualSeparator)]);
  return members.map((member) => {
    for (const separator of separators) {
      const [, , queue, ...rest] = member.split(separator);
      if (queue !== undefined && rest.length === 0) return { queue, separator, isSure: true };
    }
    return { queue: member, separator: DEFAULT_SEPARATOR, isSure: false };
  });
}

function unusualSeparator(member: string): string[] {
  if (member.includes(DEFAULT_SEPARATOR) || member.length > MAX_MEMBER) return [];
  // Celery's own bindings: the routing key is the queue.
  for (let length = Math.floor((member.length - 2) / 2); length > 0; length--) {
    const middle = member.slice(length, -length);
    const half = middle.slice(0, middle.length / 2);
    if (half + half === middle && member.endsWith(member.slice(0, length))) return [half];
  }
  const doubled = /([^A-Za-z0-9_]+)\1/.exec(member);
  return doubled ? [doubled[1]!] : [];
}
