import { RESP_TYPES, type RedisClientType } from 'redis';

// Any node-redis client will do, whatever modules, scripts or protocol its owner chose.
// biome-ignore lint/suspicious/noExplicitAny: the five type parameters do not matter to what is used of a client
export type Redis = RedisClientType<any, any, any, any, any>;

/** Command options that keep replies as Buffers: keys and values may be no UTF-8. */
export const BINARY = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };
