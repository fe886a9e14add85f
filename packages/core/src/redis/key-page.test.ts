import { describe, expect, test } from '@jest/globals';
import { KeyLedger } from '../census/key-ledger.js';
import { KeyPage } from './key-page.js';

const KEYS = ['task:one', 'task:two', 'task:six'].map((key) => Buffer.from(key));

describe.each([
  ['in one piece', new KeyPage(Buffer.concat(KEYS), 3)],
  ['as a list', new KeyPage(KEYS, 3)],
])('keys %s', (_name, page) => {
  test('are each at its place', () => {
    expect(page.length).toBe(3);
    expect([...page]).toEqual(KEYS);
    expect(page.at(1)).toEqual(KEYS[1]);
  });

  test('are noted in a ledger as they would be one by one', () => {
    const ledger = new KeyLedger();
    ledger.note(KEYS[1]!, 5);
    const changed: [number, number][] = [];
    ledger.noteEach(page, Uint8Array.of(3, 5, 4), (place, before) => changed.push([place, before]));
    expect(changed).toEqual([
      [0, 0],
      [2, 0],
    ]);
    expect(KEYS.map((key) => ledger.note(key, 1))).toEqual([3, 5, 4]);
  });

  test('are told new once', () => {
    const ledger = new KeyLedger();
    const news: number[] = [];
    ledger.noteNew(page, (place) => news.push(place));
    ledger.noteNew(page, (place) => news.push(place));
    expect(news).toEqual([0, 1, 2]);
  });
});

test('a page of no keys has none', () => {
  expect([...new KeyPage(Buffer.alloc(0), 0)]).toEqual([]);
});
