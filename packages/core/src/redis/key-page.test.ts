import { describe, expect, test } from '@jest/globals';
import { CompactKeyMap } from '../counting/compact-key-map.js';
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

  test('are new once', () => {
    const keyMap = new CompactKeyMap();
    const news: number[] = [];
    keyMap.noteNew(page, (place) => news.push(place));
    keyMap.noteNew(page, (place) => news.push(place));
    expect(news).toEqual([0, 1, 2]);
  });
});

test('a page of no keys has none', () => {
  expect([...new KeyPage(Buffer.alloc(0), 0)]).toEqual([]);
});
