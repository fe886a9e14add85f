import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** Makes a folder for what the tests of a file write, and deletes it behind them. Returns its path. */
export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'atf-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}
