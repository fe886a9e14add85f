import { bytesText } from '../model/bytes.js';
import { type OddKey, SIGHTINGS, type Sighting } from '../model/tally.js';

/** The letters of `task-sighting.lua`, in the order of SIGHTINGS: a letter's place is its code in the ledger. */
const LETTERS = '-PACFSDumx';
const CODE_OF_LETTER = new Map([...LETTERS].map((letter, code) => [letter.charCodeAt(0), code]));

/** The code of each letter in a script's reply. */
export function codesOfLetters(letters: Buffer): number[] {
  return Array.from(letters, (letter) => {
    const code = CODE_OF_LETTER.get(letter);
    if (code === undefined) throw new Error(`task-sighting.lua returned the unknown letter ${letter}`);
    return code;
  });
}

export const sightingOfCode = (code: number): Sighting => SIGHTINGS[code]!;

/** True for the sightings that are in no state's count. */
export function isOdd(sighting: Sighting): sighting is OddKey['sighting'] {
  return sighting === 'unknown-state' || sighting === 'missing-state' || sighting === 'not-a-hash';
}

/** What a script saw at some keys: a code for each key, and labels as `task-sighting.lua` sends them. */
export interface Sightings {
  keys: readonly Buffer[];
  codes: readonly number[];
  labels: readonly Buffer[];
}

/** The odd ones among some keys, each with the label that came along. */
export function namedOddKeys({ keys, codes, labels }: Sightings): OddKey[] {
  let next = 0;
  return keys.flatMap((key, i) => {
    const sighting = sightingOfCode(codes[i]!);
    if (!isOdd(sighting)) return [];
    const label = sighting === 'missing-state' ? '' : bytesText(labels[next++]!);
    return [{ key: bytesText(key), sighting, label }];
  });
}
