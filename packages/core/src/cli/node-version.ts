/**
 * Ends the process with one line if Node is too old. A bin imports this module before it loads the tool, because an old Node
 * stops with a stack trace at the first import that it does not know.
 */
export const OLDEST_NODE = '20.19';

/** What is wrong with a version of Node. Undefined: it is new enough. Pure. */
export function nodeComplaint(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `Node ${version} is too old: install Node ${OLDEST_NODE} or newer`;
}

const complaint = nodeComplaint(process.versions.node);
if (complaint !== undefined) {
  process.stderr.write(`❌ ${complaint}\n`);
  process.exit(2);
}
