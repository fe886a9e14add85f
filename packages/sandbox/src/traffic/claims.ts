interface Claim {
  running: boolean;
  released: Promise<void>;
  release: () => void;
}

/** Who may change a task now: one writer at a time. All writers live in one process, so a map is enough. */
export class Claims {
  readonly #claims = new Map<string, Claim>();

  /** Takes the task unless another writer has it. */
  tryTake(id: string): boolean {
    if (this.#claims.has(id)) return false;
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#claims.set(id, { running: false, released, release });
    return true;
  }

  /** Waits until nobody changes the task, then takes it; false where a worker runs it, which may last. */
  async take(id: string): Promise<boolean> {
    while (!this.tryTake(id)) {
      const claim = this.#claims.get(id);
      if (claim?.running) return false;
      await claim?.released;
    }
    return true;
  }

  /** A worker keeps the task that it took, until it is finished. */
  markRunning(id: string): void {
    const claim = this.#claims.get(id);
    if (claim !== undefined) claim.running = true;
  }

  /** The task has been ended: whoever wants it may wait for it again. */
  markEnding(id: string): void {
    const claim = this.#claims.get(id);
    if (claim !== undefined) claim.running = false;
  }

  release(id: string): void {
    this.#claims.get(id)?.release();
    this.#claims.delete(id);
  }
}
