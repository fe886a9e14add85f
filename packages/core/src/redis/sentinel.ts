import { AtfError } from '../errors.js';
import { endClient, isErrorReply, type Redis } from './client.js';
import { type ConnectOptions, connectServer, tlsOptions } from './connect-server.js';
import { failureOf } from './failure.js';
import { openClient } from './open-client.js';
import type { RedisUrl } from './redis-url.js';
import { REFUSED } from './refused.js';
import type { Target } from './target.js';

/** How long one Sentinel may take. */
const SENTINEL_MS = 2_000;

/**
 * Asks the Sentinels in turn for the primary, and connects to the first one that really is a primary. Cost: one call a Sentinel.
 *
 * node-redis' createSentinel is not used. It re-sends a command whose connection was lost, so a script could run twice, and it
 * can keep writing to a demoted primary for seconds. Here one connection is made, its role is verified, and it is never replaced.
 * @throws AtfError that says what each Sentinel said
 */
export async function connectThroughSentinels(
  url: RedisUrl,
  options: ConnectOptions,
  label: string,
): Promise<Target> {
  const { hosts } = url.description.sentinel!;
  let last: AtfError | undefined;
  const reasons: string[] = [];
  for (const sentinel of hosts) {
    let who = sentinel;
    try {
      const { master, host, port } = await primaryOf(sentinel, url, options);
      who = `${sentinel} names ${host}:${port}`;
      const description = { ...url.description, sentinel: { hosts, master }, host, port };
      return await connectServer({ ...url, description }, { ...options, primaryOnly: true }, label);
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

/** The primary as a Sentinel names it. `master` is what the Sentinels call it. */
async function primaryOf(
  sentinel: string,
  url: RedisUrl,
  options: ConnectOptions,
): Promise<{ master: string; host: string; port: number }> {
  const client = await openSentinel(sentinel, url, options);
  try {
    const master = url.description.sentinel?.master ?? (await onlyMaster(client));
    const named = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master];
    const address = await client.sendCommand<unknown[] | null>(named);
    if (!address) {
      throw new AtfError('UNREACHABLE', 'the primary is not known', {
        why: `it knows no primary of the name ${master}`,
        hint: 'Check the name of the primary: redis+sentinel://host:26379/NAME/0.',
      });
    }
    return { master, host: String(address[0]), port: Number(address[1]) };
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

/** Connects to a Sentinel. Its login is not in the URL. */
async function openSentinel(
  sentinel: string,
  url: RedisUrl,
  { name, signal, sentinelLogin }: ConnectOptions,
): Promise<Redis> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(sentinel) ?? [];
  const socket = { host, port: Number(port), ...tlsOptions(host, url) };
  const login = { user: sentinelLogin?.user ?? null, password: sentinelLogin?.password };
  const settings = { name, socket, database: 0, connectMs: SENTINEL_MS, ...login };
  return await openClient(settings, signal).catch((error: unknown) => {
    throw withLoginHint(failureOf(error, sentinel));
  });
}

function withLoginHint(failure: AtfError): AtfError {
  if (failure.code !== 'AUTH') return failure;
  return new AtfError('AUTH', failure.message, {
    why: failure.why,
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
