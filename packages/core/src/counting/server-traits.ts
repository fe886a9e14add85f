import { isErrorReply, type Redis } from '../redis/client.js';

/** What a count needs to know of a server. */
export interface ServerTraits {
  /** False: no key of the database has an expiry. */
  mayExpire: boolean;
  /** True: reading an expired key deletes it, and the server names it. A replica waits for its primary. */
  deletesExpired: boolean;
}

/** The safe assumptions about a server that does not tell. */
export const UNKNOWN_TRAITS: ServerTraits = { mayExpire: true, deletesExpired: false };

/** Asks a server for its traits. Cost: one INFO. A user without that permission gets the same counts, but more slowly. */
export async function serverTraits(client: Redis, database: number): Promise<ServerTraits> {
  try {
    const info = String(await client.info());
    const [, expires = '0'] = new RegExp(`^db${database}:.*\\bexpires=(\\d+)`, 'm').exec(info) ?? [];
    return { mayExpire: expires !== '0', deletesExpired: /^role:master\b/m.test(info) };
  } catch (error) {
    if (isErrorReply(error)) return UNKNOWN_TRAITS;
    throw error;
  }
}
