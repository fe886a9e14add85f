/**
 * Which part of the key table SCAN has covered when it returns this cursor, from 0 to 1. SCAN counts with the bits of the cursor
 * reversed, so that a resize of the table does not change the fraction. Pure.
 */
export function scanFraction(cursor: string): number {
  if (cursor === '0') return 1;
  const bits = [...BigInt(cursor).toString(2).padStart(64, '0')].reverse().join('');
  return Number(`0b${bits}`) / 2 ** 64;
}
