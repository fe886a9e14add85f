import { AtfError } from '../errors.js';
import { keyName } from '../model/key-name.js';
import { plainText } from '../model/plain-text.js';
import { sizeText } from '../model/size-text.js';

/**
 * The dumps of one record hold at most so many bytes. A record is one line of text, base64 makes four characters of three
 * bytes, and a string of Node has at most 512 MB.
 */
export const LARGEST_RECORD = 300_000_000;

/**
 * Refuses what is too large for one record. Pure.
 * @throws AtfError `BACKUP` if the dumps have more than {@link LARGEST_RECORD} bytes
 */
export function refuseTooLarge(key: Buffer, bytes: number): void {
  if (bytes <= LARGEST_RECORD) return;
  throw new AtfError('BACKUP', `${plainText(keyName(key))} is too large for a backup`, {
    why: `it has ${sizeText(bytes)}, and a backup holds keys of up to ${sizeText(LARGEST_RECORD)}`,
    hint: 'Save it by other means and delete it by hand, or run this without --backup: it was not deleted.',
  });
}
