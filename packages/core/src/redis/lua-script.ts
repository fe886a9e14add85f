import type { ServerTimer } from './server-time.js';

/** A Lua script and the SHA-1 by which the server knows it. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
  /** True: it only reads, and a user who may only read can run it. */
  readonly reads?: true;
}

/** Byte strings and text, as Redis takes them. */
export type Argument = string | Buffer;

/** What a script is run with. */
export interface Operands {
  keys?: readonly Argument[];
  args?: readonly Argument[];
  /** Called while the reply is decoded: see {@link binaryWithNotice}. */
  onReply?: () => void;
  /** Measures how long the server works on the script. */
  timer?: ServerTimer | undefined;
}
