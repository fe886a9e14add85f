import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

/** Makes a folder for what the tests of a file write, if one of them runs, and deletes it behind them. Returns its path. */
export function useFolder(): string {
  const folder = join(tmpdir(), `atf-${randomUUID()}`);
  beforeAll(() => {
    mkdirSync(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}
