import { plainText } from '../model/plain-text.js';
import { withoutUrlLogin } from '../redis/redis-url.js';

/**
 * The stacks of an error and of its causes, for DEBUG=atf. They have no control characters and no logins, because they
 * contain texts of the server and of the command line.
 */
export function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const lines = (error.stack ?? String(error))
    .split('\n')
    .map((line) => plainText(withoutUrlLogin(line), 500));
  const cause = stackOf(error.cause);
  return [...lines, ...(cause ? [`Caused by: ${cause}`] : [])].join('\n');
}
