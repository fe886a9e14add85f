/** Tasks are read again this long before they expire. It must be longer than a round trip takes. */
const READ_AHEAD_MS = 1_000;
/** Expiries within this time from the beginning of the scan are kept one by one. At the first later one, the scan is repeated. */
const HORIZON_MS = 600_000;

/**
 * When tasks expire. The server names an expired task only once it deletes it, but clients cannot read it any more from
 * the moment of its expiry. So a task that may have expired must be read in the snapshot itself.
 * Times are those of the server, in ms.
 */
export class ExpiringTasks {
  readonly #expiries = new Map<string, number>();
  /** From then on tasks may have expired whose expiry was not kept. */
  #unknownFrom = Number.POSITIVE_INFINITY;

  constructor(private readonly scanBeganAt: number) {}

  /** True if the scan must keep this expiry. Of the others, only the earliest is remembered. */
  mustKeep(expiresAt: number): boolean {
    if (expiresAt < this.scanBeganAt + HORIZON_MS) return true;
    this.#unknownFrom = Math.min(this.#unknownFrom, expiresAt);
    return false;
  }

  /** Notes when a task expires, or that it does not. */
  note(key: string, expiresAt: number | undefined): void {
    if (expiresAt === undefined) this.#expiries.delete(key);
    else this.#expiries.set(key, expiresAt);
  }

  /** The tasks that must be read in a snapshot at this time. */
  dueAt(now: number): string[] {
    if (this.#expiries.size === 0) return [];
    const due: string[] = [];
    for (const [key, expiresAt] of this.#expiries) if (expiresAt <= now + READ_AHEAD_MS) due.push(key);
    return due;
  }

  /** True if no task but the given ones can have expired by this time. */
  isExactAt(now: number, read: Pick<ReadonlySet<string>, 'has'>): boolean {
    if (this.isOutdatedAt(now)) return false;
    for (const [key, expiresAt] of this.#expiries) if (expiresAt <= now && !read.has(key)) return false;
    return true;
  }

  /** True if the scan must be repeated: tasks may have expired whose expiry was not kept. */
  isOutdatedAt(now: number): boolean {
    return now >= this.#unknownFrom;
  }
}
