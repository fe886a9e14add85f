import type { SandboxClient } from '../redis-client.js';

/** Ids of the tasks that the database holds, one after another and round and round; shared by all writers. */
export class ExistingTasks {
  #cursor = '0';
  #ids: string[] = [];
  #scanning: Promise<void> | undefined;

  constructor(readonly client: SandboxClient) {}

  /** The next id; undefined where a page of the scan held none. Each id goes to one writer a round. */
  async next(): Promise<string | undefined> {
    if (this.#ids.length === 0) {
      this.#scanning ??= this.#scan().finally(() => {
        this.#scanning = undefined;
      });
      await this.#scanning;
    }
    return this.#ids.pop();
  }

  async #scan(): Promise<void> {
    const page = await this.client.scan(this.#cursor, { MATCH: 'task:*', COUNT: 100, TYPE: 'hash' });
    this.#cursor = page.cursor;
    this.#ids = page.keys.map((key) => key.slice('task:'.length));
  }
}
