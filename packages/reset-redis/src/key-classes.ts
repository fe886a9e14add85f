import { type Argument, KEY_KINDS, type KeyKind } from '@atf/core';

/** The class of a key: its index in KEY_KINDS, a kind's name with another type, or none of AsyncTaskFlow's names. */
export type KeyClass = number | 'wrong-type' | 'unrelated';

const KINDS: readonly KeyKind[] = KEY_KINDS;

/** The kinds as the scripts take them: names and types are written down once, in KEY_KINDS. */
export const KIND_ARGUMENTS: readonly Argument[] = KINDS.flatMap(({ pattern, types }) => [
  pattern,
  `,${types.join(',')},`,
]);

/** The class behind a letter of `scan-keys.lua`; undefined if the key is gone. */
export function classOfLetter(letter: number): KeyClass | undefined {
  const text = String.fromCharCode(letter);
  if (text === '-') return undefined;
  if (text === 'o') return 'wrong-type';
  return text === 'f' ? 'unrelated' : letter - 65;
}

/** True for AsyncTaskFlow's own keys: both the name and the type are those of one kind. */
export function isOwn(keyClass: KeyClass): keyClass is number {
  return typeof keyClass === 'number';
}
