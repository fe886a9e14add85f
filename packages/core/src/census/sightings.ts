import { bytesText } from '../model/bytes.js';
import { type OddKey, SIGHTINGS, type Sighting } from '../model/tally.js';
import type { KeyPage } from '../redis/key-page.js';
import { keyName } from '../report/key-name.js';

/** The letters of `task-sighting.lua`, in the order of SIGHTINGS: a letter's place is its code in the ledger. */
const LETTERS = '-PACFSDumx';
const UNKNOWN = 255;
const CODE_OF_LETTER = new Uint8Array(256).fill(UNKNOWN);
for (let code = 0; code < LETTERS.length; code++) CODE_OF_LETTER[LETTERS.charCodeAt(code)] = code;

/** The code of each letter in a script's reply. */
export function codesOfLetters(letters: Uint8Array): Uint8Array {
  const codes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) {
    const code = CODE_OF_LETTER[letters[i]!]!;
    if (code === UNKNOWN) throw new Error(`task-sighting.lua returned the unknown letter ${letters[i]}`);
    codes[i] = code;
  }
  return codes;
}

export const sightingOfCode = (code: number): Sighting => SIGHTINGS[code]!;

/** True for the sightings that are in no state's count. */
export function isOdd(sighting: Sighting): sighting is OddKey['sighting'] {
  return sighting === 'unknown-state' || sighting === 'missing-state' || sighting === 'not-a-hash';
}

/** What a script saw at some keys: a code for each key, and labels as `task-sighting.lua` sends them. */
export interface Sightings {
  keys: KeyPage;
  codes: Uint8Array;
  labels: readonly Buffer[];
}

/** The odd ones among some keys, each with the label that came along. */
export function namedOddKeys({ keys, codes, labels }: Sightings): OddKey[] {
  const odd: OddKey[] = [];
  let next = 0;
  for (let i = 0; i < codes.length; i++) {
    const sighting = sightingOfCode(codes[i]!);
    if (!isOdd(sighting)) continue;
    const label = sighting === 'missing-state' ? '' : bytesText(labels[next++]!);
    odd.push({ key: keyName(keys.at(i)), sighting, label });
  }
  return odd;
}
