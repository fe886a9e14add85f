import { type Argument, KEY_KINDS, type KeyKind } from '@atf/core';

/** The class of a key: its place in KEY_KINDS, a kind's name with another type, or none of AsyncTaskFlow's names. */
export type KeyClass = number | 'other-type' | 'foreign';

const KINDS: readonly KeyKind[] = KEY_KINDS;

/** The kinds as the scripts take them: names and types are written down once, in KEY_KINDS. */
export const KIND_ARGUMENTS: readonly Argument[] = KINDS.flatMap(({ pattern, types }) => [
  pattern,
  `,${types.join(',')},`,
]);

/** The class behind a letter of `scan-keys.lua`; undefined where the key is gone. */
export function classOfLetter(letter: number): KeyClass | undefined {
  const text = String.fromCharCode(letter);
  if (text === '-') return undefined;
  if (text === 'o') return 'other-type';
  return text === 'f' ? 'foreign' : letter - 65;
}

/** True for what AsyncTaskFlow owns: the name is one of its kinds', and the type is one that it writes there. */
export function isOwn(keyClass: KeyClass): keyClass is number {
  return typeof keyClass === 'number';
}
