import { AtfError } from '../errors.js';
import { isErrorReply, type Redis } from './client.js';
import type { TargetDescription } from './target-schema.js';

/** What a server says of itself. */
export interface ServerInfo {
  /** Such as `Redis 7.0.15` or `Valkey 9.1.2`. Undefined: the server does not tell. */
  name: string | undefined;
  mode: 'standalone' | 'cluster' | 'sentinel';
  /** Undefined: it is a primary. */
  replica: (NonNullable<TargetDescription['replica']> & { isLinkUp: boolean }) | undefined;
  /** True if it sends its writes to replicas, or did: after the last replica has left, the backlog remains. Undefined: not known. */
  replicates: boolean | undefined;
}

/**
 * Asks a server for its name, its mode and its role. Every user may run HELLO, which tells most of it; INFO tells the rest.
 * Undefined: the server refuses both. Cost: one call, up to three if INFO is refused.
 */
export async function readServerInfo(client: Redis): Promise<ServerInfo | undefined> {
  const info = await unlessRefused(client.sendCommand<unknown>(['INFO']));
  if (info !== undefined) return serverInfoOf(String(info));
  const protocol = client.options?.RESP ?? 2;
  const hello = pairsOf(await unlessRefused(client.sendCommand<unknown>(['HELLO', String(protocol)])));
  if (!hello.has('mode')) return undefined;
  const mode = hello.get('mode') as ServerInfo['mode'];
  const server = { name: undefined, mode, replicates: undefined };
  if (hello.get('role') === 'master') return { ...server, replica: undefined };
  // Without a right to ask for the link, it counts as down.
  const role = await unlessRefused(client.sendCommand<unknown[]>(['ROLE']));
  const [, host = '?', port = '?', link = 'unknown'] = Array.isArray(role) ? role.map(String) : [];
  return {
    ...server,
    replica: { primary: `${host}:${port}`, lagSeconds: null, isLinkUp: link === 'connected' },
  };
}

/** Reads the reply to INFO. */
export function serverInfoOf(info: string): ServerInfo {
  const fields = new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name, value]) => [name!, value!]));
  const seconds = Number(fields.get('master_last_io_seconds_ago') ?? -1);
  return {
    name: serverName(info),
    mode: (fields.get('redis_mode') ?? fields.get('server_mode') ?? 'standalone') as ServerInfo['mode'],
    replica:
      fields.get('role') === 'slave'
        ? {
            primary: `${fields.get('master_host')}:${fields.get('master_port')}`,
            lagSeconds: seconds >= 0 ? seconds : null,
            isLinkUp: fields.get('master_link_status') === 'up',
          }
        : undefined,
    replicates: fields.get('repl_backlog_active') === '1' || Number(fields.get('connected_slaves') ?? 0) > 0,
  };
}

/**
 * Other servers also report the version of Redis that they are compatible with. Their own is in a field of their name, such as
 * `valkey_version`.
 */
function serverName(info: string): string | undefined {
  const [section = ''] = /^# Server.*?(?=^#|$(?!\s))/ms.exec(info) ?? [];
  const versions = [...section.matchAll(/^(?!gcc_)([a-z]+)_version:([\w.-]+)/gm)];
  const [, product, version] = versions.find(([, name]) => name !== 'redis') ?? versions[0] ?? [];
  return product && `${product[0]!.toUpperCase()}${product.slice(1)} ${version}`;
}

/**
 * Refuses a server that is too old, and one whose answers would be a part of the whole: a node of a cluster, a Sentinel, a replica
 * without its primary.
 * @throws AtfError `SERVER`
 */
export function refuseUnfitServer({ name, mode, replica }: ServerInfo, label: string): void {
  const refuse = (why: string, hint: string) => {
    throw new AtfError('SERVER', `cannot use Redis at ${label}`, { why, hint });
  };
  if (/^Redis [0-5]\./.test(name ?? '')) {
    refuse(`${name} is too old`, 'Name a server with Redis 6.0 or newer, or with Valkey.');
  }
  if (mode === 'cluster') {
    refuse(
      'the server is a node of a Redis Cluster, which holds only a part of the keys',
      'AsyncTaskFlow does not run on a Redis Cluster. Name a server that is not part of one.',
    );
  }
  if (mode === 'sentinel') {
    refuse(
      'this is a Sentinel: it knows where the data is, but holds none',
      'Name the primary, or let the Sentinel name it: redis+sentinel://host:26379/NAME/0 (NAME: what the Sentinels call it).',
    );
  }
  if (replica && !replica.isLinkUp) {
    refuse(
      `the server is a replica without a connection to its primary (${replica.primary}), so its data may be old or incomplete`,
      'Name the primary, or wait until INFO replication says master_link_status:up.',
    );
  }
}

/** A replica is refused to work that writes: its writes would be lost, if it lets any through. */
export function replicaRefused(primary: string, label: string): AtfError {
  return new AtfError('READ_ONLY', `cannot write to Redis at ${label}`, {
    why: `the server is a replica of ${primary}`,
    hint: 'Name the primary. A replica serves --dry-run and --check.',
  });
}

/** The reply, or undefined if the server refuses the command. A login that is missing is an error all the same. */
async function unlessRefused<Reply>(reply: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (isErrorReply(error) && !error.message.startsWith('NOAUTH')) return undefined;
    throw error;
  }
}

/** A map of the server: an object with RESP3, a list of names and values with RESP2. */
function pairsOf(reply: unknown): Map<string, string> {
  if (!Array.isArray(reply)) {
    return new Map(Object.entries((reply ?? {}) as object).map(([name, value]) => [name, String(value)]));
  }
  const texts = reply.map(String);
  return new Map(texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1] ?? ''] as const] : [])));
}
