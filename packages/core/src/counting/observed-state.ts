import { bytesText } from '../model/bytes.js';
import { keyName } from '../model/key-name.js';
import { OBSERVED_STATES, type ObservedState, type OddKey } from '../model/task-counts.js';
import type { KeyPage } from '../redis/key-page.js';

/** The letters of `observed-state.lua`: change both. */
const LETTERS: Record<ObservedState, string> = {
  absent: '-',
  PENDING: 'P',
  ACTIVE: 'A',
  COMPLETED: 'C',
  FAILED: 'F',
  SCHEDULED: 'S',
  DLQ: 'D',
  'unknown-state': 'u',
  'missing-state': 'm',
  'not-a-hash': 'x',
};
/** The code of a letter is the index of its state in OBSERVED_STATES. */
const UNKNOWN = 255;
const CODE_OF_LETTER = new Uint8Array(256).fill(UNKNOWN);
for (const [code, state] of OBSERVED_STATES.entries()) CODE_OF_LETTER[LETTERS[state].charCodeAt(0)] = code;

function codeOfLetter(letter: number): number {
  const code = CODE_OF_LETTER[letter]!;
  if (code === UNKNOWN) throw new Error(`observed-state.lua returned the unknown letter ${letter}`);
  return code;
}

/** The code of each letter in a script's reply. */
export function codesOfLetters(letters: Uint8Array): Uint8Array {
  const codes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) codes[i] = codeOfLetter(letters[i]!);
  return codes;
}

export const observedStateOfCode = (code: number): ObservedState => OBSERVED_STATES[code]!;
export const observedStateOfLetter = (letter: number) => observedStateOfCode(codeOfLetter(letter));

/** True for a key that is in no state's count. */
export function isOdd(observedState: ObservedState): observedState is OddKey['observedState'] {
  return (
    observedState === 'unknown-state' || observedState === 'missing-state' || observedState === 'not-a-hash'
  );
}

/** The observed states of some keys: a code for each key, and the labels in the order of `observed-state.lua`. */
export interface ObservedTasks {
  keys: KeyPage;
  codes: Uint8Array;
  labels: readonly Buffer[];
}

/** The odd keys among some keys, each with its index and its label. */
export function* oddKeysAmong({ keys, codes, labels }: ObservedTasks): Generator<[index: number, OddKey]> {
  let next = 0;
  for (let i = 0; i < codes.length; i++) {
    const observedState = observedStateOfCode(codes[i]!);
    if (!isOdd(observedState)) continue;
    const label = observedState === 'missing-state' ? '' : bytesText(labels[next++]!);
    yield [i, { key: keyName(keys.at(i)), observedState, label }];
  }
}

/** The observed state of each letter in a script's reply. */
export function observedStatesOf(letters: Uint8Array): ObservedState[] {
  return Array.from(letters, observedStateOfLetter);
}
