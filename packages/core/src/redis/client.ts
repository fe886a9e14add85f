import type { EventEmitter } from 'node:events';
import { RESP_TYPES, type RedisClientType } from 'redis';

/** What is used of a client. Any node-redis client will do, whatever modules, scripts or protocol its owner chose. */
export type Redis = Pick<
  // biome-ignore lint/suspicious/noExplicitAny: the five type parameters do not matter to what is used of a client
  RedisClientType<any, any, any, any, any>,
  | keyof EventEmitter
  | 'connect'
  | 'dbSize'
  | 'destroy'
  | 'duplicate'
  | 'info'
  | 'isOpen'
  | 'isReady'
  | 'options'
  | 'sendCommand'
>;

/** Command options that keep replies as Buffers: keys and values may be no UTF-8. */
export const BINARY = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

/**
 * True for a reply by which the server refuses a command. Told by name: a program's own client is of another copy of
 * node-redis than the one bundled here.
 */
export function isErrorReply(error: unknown): error is Error {
  for (let at = error; at instanceof Object; at = Object.getPrototypeOf(at)) {
    if (at.constructor.name === 'ErrorReply') return true;
  }
  return false;
}

/** Closes a client at once. Where its server is gone that still ends its timers, which would keep the process up. */
export function endClient(client: Redis): void {
  try {
    client.destroy();
  } catch (error) {
    if (client.isOpen) throw error;
  }
}
