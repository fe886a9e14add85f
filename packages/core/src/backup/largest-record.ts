import { AtfError } from '../errors.js';
import { keyName } from '../model/key-name.js';
import { plainText } from '../model/plain-text.js';
import { sizeText } from '../model/size-text.js';

/**
 * Bytes that the dumps of one record hold at the most. A record is one line of text, and base64 makes four characters of
 * three bytes: Node has no longer strings than 512 MB.
 */
export const LARGEST_RECORD = 300_000_000;

/**
 * Says that a backup cannot hold what one record would have. Pure.
 * @throws AtfError `BACKUP` where the dumps have more than {@link LARGEST_RECORD} bytes
 */
export function refuseTooLarge(key: Buffer, bytes: number): void {
  if (bytes <= LARGEST_RECORD) return;
  throw new AtfError('BACKUP', `${plainText(keyName(key))} is too large for a backup`, {
    why: `it has ${sizeText(bytes)}, and a backup holds keys of up to ${sizeText(LARGEST_RECORD)}`,
    hint: 'Save it by other means and delete it by hand, or run this without --backup: it was not deleted.',
  });
}
