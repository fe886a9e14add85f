import { AtfError } from '../errors.js';
import { endClient, isErrorReply, type Redis } from './client.js';
import { failureOf } from './failure.js';
import { REFUSED } from './refused.js';
import type { Target } from './target.js';

/** The login of the Sentinels, which is not the one of the servers that they watch. */
export interface SentinelLogin {
  user?: string | undefined;
  password: string;
}

/** A primary as a Sentinel names it. */
export interface NamedPrimary {
  host: string;
  port: number;
  /** What the Sentinels call it. */
  master: string;
}

interface Connecting {
  open(host: string, port: number): Promise<Redis>;
  connect(primary: NamedPrimary): Promise<Target>;
}

/**
 * Asks the Sentinels in turn for the primary, and connects to the first one that really is a primary. Cost: one call a Sentinel.
 *
 * node-redis' createSentinel is not used. It re-sends a command whose connection was lost, so a script could run twice, and it
 * can keep writing to a demoted primary for seconds. Here one connection is made, its role is verified, and it is never replaced.
 * @throws AtfError that says what each Sentinel said
 */
export async function askSentinels(
  { hosts, master, label }: { hosts: readonly string[]; master: string | null; label: string },
  { open, connect }: Connecting,
): Promise<Target> {
  let last: AtfError | undefined;
  const reasons: string[] = [];
  for (const sentinel of hosts) {
    let who = sentinel;
    try {
      const primary = await primaryOf(sentinel, master, open);
      who = `${sentinel} names ${primary.host}:${primary.port}`;
      return await connect(primary);
    } catch (error) {
      last = failureOf(error, sentinel);
      if (last.code === 'STOPPED' || last.code === 'USAGE') throw last;
      reasons.push(`${who}: ${last.why ?? last.message}`);
    }
  }
  throw new AtfError(last!.code, `the Sentinels lead to no primary: ${label}`, {
    why: reasons.join('; '),
    hint: last!.hint ?? 'Check the Sentinels.',
    cause: last,
  });
}

async function primaryOf(
  sentinel: string,
  master: string | null,
  open: Connecting['open'],
): Promise<NamedPrimary> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(sentinel) ?? [];
  const client = await open(host, Number(port)).catch((error: unknown) => {
    throw withLoginHint(failureOf(error, sentinel));
  });
  try {
    const name = master ?? (await onlyMaster(client));
    const address = await client.sendCommand<unknown[] | null>(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name]);
    if (!address) {
      throw new AtfError('UNREACHABLE', 'the primary is not known', {
        why: `it knows no primary of the name ${name}`,
        hint: 'Check the name of the primary: redis+sentinel://host:26379/NAME/0.',
      });
    }
    return { host: String(address[0]), port: Number(address[1]), master: name };
  } catch (error) {
    if (!isErrorReply(error) || !REFUSED.test(error.message)) throw error;
    throw new AtfError('SERVER', 'this is no Sentinel', {
      why: 'this is no Sentinel',
      hint: 'Check the port of the Sentinels, or name the primary itself: redis://host:6379/0.',
    });
  } finally {
    endClient(client);
  }
}

/** The login of a Sentinel is not in the URL. */
function withLoginHint(failure: AtfError): AtfError {
  if (failure.code !== 'AUTH') return failure;
  return new AtfError('AUTH', failure.message, {
    ...(failure.why === undefined ? {} : { why: failure.why }),
    hint: 'Set REDIS_SENTINEL_PASSWORD, and REDIS_SENTINEL_USERNAME if the Sentinels have users.',
    cause: failure,
  });
}

/** The name of the primary, if the Sentinel watches only one. Celery's URLs cannot contain the name. */
async function onlyMaster(client: Redis): Promise<string> {
  const masters = await client.sendCommand<unknown[]>(['SENTINEL', 'MASTERS']);
  const names = masters.map((fields) =>
    Array.isArray(fields)
      ? String(fields[fields.map(String).indexOf('name') + 1])
      : String((fields as { name: unknown }).name),
  );
  if (names.length === 1) return names[0]!;
  throw new AtfError('USAGE', 'the Redis URL cannot be used', {
    why: `the Sentinel watches ${names.length} primaries (${names.join(', ')}), and the URL names none`,
    hint: 'Write redis+sentinel://host:26379/NAME/0, or add ?master_name=NAME.',
  });
}
