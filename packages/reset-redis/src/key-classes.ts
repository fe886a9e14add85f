import { type Argument, KEY_KINDS, type KeyKind, TASK_FIELDS } from '@atf/core';

/** The class of a key: its index in KEY_KINDS, a kind's name with another type, or none of AsyncTaskFlow's names. */
export type KeyClass = number | 'wrong-type' | 'unrelated';

const KINDS: readonly KeyKind[] = KEY_KINDS;

/** The kinds as key-classes.lua reads them: names and types are written down once, in KEY_KINDS. */
export const KIND_ARGUMENTS: readonly Argument[] = [
  String(KINDS.length),
  ...KINDS.flatMap(({ pattern, types, shared }) => [
    pattern,
    `,${types.join(',')},`,
    shared ? 'shared' : 'own',
  ]),
  ...TASK_FIELDS,
];

/** The class behind a letter of the scripts; undefined if the key is gone. */
export function classOfLetter(letter: number): KeyClass | undefined {
  const text = String.fromCharCode(letter);
  if (text === '-') return undefined;
  if (text === 'o') return 'wrong-type';
  return text === 'f' ? 'unrelated' : letter - 65;
}

/** True for a key with the name and a type of one kind. Other programs may use it as well if the kind is shared. */
export function isOfKind(keyClass: KeyClass): keyClass is number {
  return typeof keyClass === 'number';
}

/** True for a kind that only AsyncTaskFlow uses. */
export const isExclusive = (index: number): boolean => !KINDS[index]!.shared;
