import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MurmurHash } from './murmur-hash.js';
import { ScannedStates, type ScannedStatesOptions } from './scanned-states.js';

const SEED = 7;
const keyOf = (i: number) => Buffer.from(`task:${i}`);
let folder: string;
let states: ScannedStates | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atf-test-'));
});
afterEach(() => {
  states?.close();
  rmSync(folder, { recursive: true });
});

function statesOf(tasks: number, options: ScannedStatesOptions): ScannedStates {
  const made = new ScannedStates(SEED, options);
  states = made;
  const hash = new MurmurHash(SEED);
  for (let i = 0; i < tasks; i++) {
    hash.update(keyOf(i));
    made.append(hash, (i % 9) + 1);
  }
  return made;
}

describe.each<[string, () => ScannedStatesOptions]>([
  ['in memory', () => ({ folder })],
  ['in memory and in a file', () => ({ folder, chunksInMemory: 1 })],
  ['without a folder for a file', () => ({ folder: join(folder, 'missing'), chunksInMemory: 1 })],
])('scanned states %s', (_, options) => {
  test('are found by their keys, and a key that was not scanned has none', () => {
    const made = statesOf(300_000, options());
    const wanted = [0, 1, 65_535, 65_536, 131_072, 299_999, 300_000, 999_999];
    expect(made.search(wanted.map(keyOf))).toEqual([[1], [2], [7], [8], [6], [3], [], []]);
    expect(made.search([])).toEqual([]);
  });

  test('of a key that was scanned twice are two', () => {
    const made = statesOf(200_000, options());
    const hash = new MurmurHash(SEED);
    hash.update(keyOf(5));
    made.append(hash, 2);
    expect(made.search([keyOf(5)])).toEqual([[6, 2]]);
  });

  test('leave no file behind', () => {
    statesOf(300_000, options());
    expect(readdirSync(folder)).toEqual([]);
  });
});
