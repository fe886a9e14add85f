import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file without a name that only this process can read. It is made by the first append, and is gone when the process ends. */
export class TemporaryFile {
  /** The bytes in it. */
  size = 0;
  #descriptor: number | undefined;
  #isUnusable = false;

  constructor(private readonly folder = tmpdir()) {}

  /** Appends data. Returns false if that is not possible, for example without a writable folder or on a full disk. */
  append(data: Int32Array): boolean {
    if (this.#isUnusable) return false;
    try {
      this.#descriptor ??= openWithoutName(join(this.folder, `atf-${randomUUID()}`));
      if (writeSync(this.#descriptor, data, 0, data.byteLength, this.size) < data.byteLength)
        throw new Error();
    } catch {
      this.#isUnusable = true;
      return false;
    }
    this.size += data.byteLength;
    return true;
  }

  /** Reads data that begins at a position. @throws Error if the file has less */
  read(data: Int32Array, position: number): void {
    const bytes = readSync(this.#descriptor!, data, 0, data.byteLength, position);
    if (bytes < data.byteLength) throw new Error('a temporary file is shorter than it was');
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.size = 0;
    this.#isUnusable = true;
  }
}

function openWithoutName(path: string): number {
  const descriptor = openSync(path, 'wx+', 0o600);
  rmSync(path);
  return descriptor;
}
