import { describe, expect, test } from '@jest/globals';
import { KINDS } from './kinds.js';
import { readOptions, settingsOf } from './options.js';

test('what is left out has its default', () => {
  expect(settingsOf(readOptions({}))).toEqual({
    activeTimeoutMs: 900_000,
    pendingTimeoutMs: 300_000,
    scheduledGraceMs: 60_000,
    include: [],
    only: KINDS,
  });
});

test('flags are read', () => {
  const flags = { activeTimeout: '2h', pendingTimeout: '90s', scheduledGrace: '1m', limit: 5 };
  expect(readOptions({ ...flags, only: ['failed'], include: ['failed'], brokerUrl: 'redis://a/1' })).toEqual({
    activeTimeoutMs: 7_200_000,
    pendingTimeoutMs: 90_000,
    scheduledGraceMs: 60_000,
    limit: 5,
    only: ['failed'],
    include: ['failed'],
    brokerUrl: 'redis://a/1',
  });
});

describe('a usage error is', () => {
  test.each([
    [{ limit: 0 }, '--limit'],
    [{ limit: 1.5 }, '--limit'],
    [{ limit: Number.NaN }, '--limit'],
    [{ include: ['failed'], only: ['stuck-active'] }, '--include failed contradicts --only'],
    [{ activeTimeout: '15' }, '--active-timeout'],
    [{ scheduledGrace: '-1s' }, '--scheduled-grace'],
    [{ brokerUrl: 'amqp://user:secret@host' }, '--broker-url'],
  ])('%j', (flags, named) => {
    expect(() => readOptions(flags)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => readOptions(flags)).toThrow(named);
    expect(() => readOptions(flags)).not.toThrow('secret');
  });
});
