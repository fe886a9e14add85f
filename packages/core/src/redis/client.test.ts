import { describe, expect, test } from '@jest/globals';
import { createClient, ErrorReply, SimpleError } from 'redis';
import { isErrorReply, type Redis } from './client.js';

describe('an error reply', () => {
  test('is what node-redis throws for one', () => {
    expect([new ErrorReply('ERR no'), new SimpleError('ERR no')].map(isErrorReply)).toEqual([true, true]);
  });

  test('is recognised by its name, because a program may bring another copy of node-redis', () => {
    const otherCopy = { ErrorReply: class ErrorReply extends Error {} };
    class BlobError extends otherCopy.ErrorReply {}
    expect([new otherCopy.ErrorReply('ERR no'), new BlobError('ERR no')].map(isErrorReply)).toEqual([
      true,
      true,
    ]);
  });

  test.each([[new Error('ERR no')], [new TypeError('no')], ['ERR no'], [null], [undefined]])(
    'is not %p',
    (thrown) => {
      expect(isErrorReply(thrown)).toBe(false);
    },
  );
});

test('every client of node-redis is one that is used here, which the compiler checks', () => {
  const clients: Redis[] = [
    createClient(),
    createClient({ RESP: 2, socket: { host: 'localhost', port: 1 } }),
    createClient({ RESP: 3, commandOptions: { typeMapping: { 36: Buffer } } }),
  ];
  expect(clients.map(({ isOpen }) => isOpen)).toEqual([false, false, false]);
});
