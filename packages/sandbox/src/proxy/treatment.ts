/**
 * What becomes of a command on its way:
 * `pass` nothing; `cut` the connection breaks and Redis never sees it; `cut-reply` Redis does it, and the connection breaks
 * before the answer; `halve-reply` it breaks in the middle of the answer; `stall` neither it nor anything later on this
 * connection gets through, nor is the connection closed; `stall-all` so on every connection, also on those that come later;
 * `stall-reply` Redis does it, and no answer ever comes; `delayMs` it gets there late; `error` Redis never sees it, and this
 * is the answer; `beforeReply` runs when Redis has answered, before the client knows.
 */
export type Treatment =
  | 'pass'
  | 'cut'
  | 'cut-reply'
  | 'halve-reply'
  | 'stall'
  | 'stall-all'
  | 'stall-reply'
  | { delayMs: number }
  | { error: string }
  | { beforeReply: () => Promise<void> | void };

/** Decides by the first words of a command, the name among them; a command waits until it has been decided. */
export type Treat = (words: readonly string[]) => Treatment | Promise<Treatment>;
