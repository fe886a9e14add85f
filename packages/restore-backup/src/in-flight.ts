/** At most so many pieces of work run at the same time. */
const MAX_AT_ONCE = 64;
const MAX_BYTES = 64 * 1024 * 1024;

/** Runs work at the same time, bounded by number and by bytes. A piece that is larger than the bound runs alone. */
export class InFlight {
  #running = 0;
  #bytes = 0;
  #failure: { error: unknown } | undefined;
  #wake = () => {};

  /** Starts work once there is room for it. @throws the error of earlier work */
  async start(bytes: number, work: () => Promise<void>): Promise<void> {
    const isFull = () =>
      this.#running >= MAX_AT_ONCE || (this.#running > 0 && this.#bytes + bytes > MAX_BYTES);
    while (isFull()) await this.#oneEnds();
    this.#throwFailure();
    this.#running++;
    this.#bytes += bytes;
    work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#running--;
        this.#bytes -= bytes;
        this.#wake();
      });
  }

  /** Waits until all work has ended. @throws the first error */
  async drain(): Promise<void> {
    while (this.#running > 0) await this.#oneEnds();
    this.#throwFailure();
  }

  async #oneEnds(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
