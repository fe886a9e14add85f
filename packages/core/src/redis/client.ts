import type { EventEmitter } from 'node:events';
import { RESP_TYPES } from 'redis';

/** The options of a client that say where it connects to. */
export interface RedisOptions {
  database?: number | undefined;
  username?: string | undefined;
  RESP?: number | undefined;
  socket?: object | undefined;
}

/**
 * The part of a node-redis client that is used here. Every client that `createClient` returns fits, with any modules,
 * scripts and protocol. Written out, so that nobody needs the package redis for its types.
 */
export interface Redis extends EventEmitter {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  readonly options?: RedisOptions | undefined;
  connect(): Promise<unknown>;
  destroy(): void;
  duplicate(overrides?: object): unknown;
  dbSize(): Promise<number | string>;
  info(section?: string): Promise<unknown>;
  sendCommand<Reply>(
    args: readonly (string | Buffer)[],
    options?: { typeMapping?: Record<number, unknown> },
  ): Promise<Reply>;
}

/** Command options that keep replies as Buffers: keys and values may be no UTF-8. */
export const BINARY = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

/**
 * The same, and calls back while a reply is decoded that has a string in it: after all that comes before the reply in the
 * connection's stream, and before all that comes behind it. A promise resolves too late for that, because node-redis decodes
 * all that has arrived at once. It reads the mapping for each string.
 */
export function binaryWithNotice(decoding: () => void): typeof BINARY {
  return {
    typeMapping: {
      get [RESP_TYPES.BLOB_STRING]() {
        decoding();
        return Buffer;
      },
    },
  };
}

/**
 * True for a reply by which the server refuses a command. The class is compared by name, because a program's
 * own client comes from another copy of node-redis than the one bundled here.
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
