/**
 * The tasks that have changed since tracking began. The server names them in invalidations, and `position` counts these names
 * in the order of the connection's stream. A position is therefore a point between two names.
 * A key is text in latin1, one character per byte. Memory: about 100 bytes per changed task, and its key.
 */
export class ChangedTasks {
  /** True once the whole database was emptied. The server then names no single keys. */
  flushed = false;
  readonly #lastNamed = new Map<string, number>();
  readonly #unread = new Set<string>();
  /** The names since the last `takeUnread`, and the position of that call. */
  #recent: string[] = [];
  #recentFrom = 0;

  /** How many names have come so far. */
  get position(): number {
    return this.#recentFrom + this.#recent.length;
  }

  /** Notes the next name of the stream. Without a key, it stands for all keys. */
  note(key: string | undefined): void {
    if (key === undefined) {
      this.flushed = true;
      return;
    }
    this.#recent.push(key);
    this.#lastNamed.set(key, this.position);
    this.#unread.add(key);
  }

  /** Has a task read although it was not named. */
  mustRead(key: string): void {
    this.#unread.add(key);
  }

  /** How many tasks must be read: they were named after they were last taken for reading. */
  get unreadCount(): number {
    return this.#unread.size;
  }

  /**
   * Takes tasks for reading: at most `limit`, and at most about `bytes` of their keys. It also forgets the order of the names
   * so far: `namedSinceTaken` and `namedBetween` return later ones only.
   */
  takeUnread(limit: number, bytes: number): string[] {
    this.#recentFrom = this.position;
    this.#recent = [];
    const taken: string[] = [];
    let size = 0;
    for (const key of this.#unread) {
      if (taken.length === limit || size > bytes) break;
      taken.push(key);
      size += key.length;
    }
    for (const key of taken) this.#unread.delete(key);
    return taken;
  }

  /** The tasks that were named since the last `takeUnread`, up to a position. */
  namedSinceTaken(to: number): string[] {
    return this.namedBetween(this.#recentFrom, to);
  }

  /** The tasks that were named between two positions, both after the last `takeUnread`. */
  namedBetween(from: number, to: number): string[] {
    return [...new Set(this.#recent.slice(from - this.#recentFrom, to - this.#recentFrom))];
  }

  /** True if the last name of a task came after a position. */
  isNamedAfter(key: string, position: number): boolean {
    return (this.#lastNamed.get(key) ?? 0) > position;
  }
}
