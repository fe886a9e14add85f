import type { Treatment } from '@atf/sandbox';
import type { RedisInstance } from './redis-instance.js';

/** So many commands of a kind are watched; the later ones are taken to be like them. */
const WATCHED = 20;

/** Finds out which commands of a run change data, at the proxy that they come through. */
export class WriteWatch {
  readonly writes: number[] = [];
  readonly #kinds = new Map<string, { seen: number; writes: boolean }>();

  private constructor(
    private readonly instance: RedisInstance,
    /** Of the server's counter; undefined after a write that was not watched. */
    private changes: number | undefined,
  ) {}

  static async begin(instance: RedisInstance): Promise<WriteWatch> {
    return new WriteWatch(instance, await instance.changes());
  }

  /** A kind of command is its name, and its script where it runs one. */
  treat(number: number, [name = '', script = '']: readonly string[]): Treatment {
    const kind = this.#kindOf(`${name} ${script}`);
    if (kind.seen++ < WATCHED) return { beforeReply: () => this.#look(number, kind) };
    if (kind.writes) {
      this.writes.push(number);
      this.changes = undefined;
    }
    return 'pass';
  }

  #kindOf(name: string): { seen: number; writes: boolean } {
    const kind = this.#kinds.get(name) ?? { seen: 0, writes: false };
    this.#kinds.set(name, kind);
    return kind;
  }

  async #look(number: number, kind: { writes: boolean }): Promise<void> {
    const before = this.changes;
    this.changes = await this.instance.changes();
    if (before === undefined || before === this.changes) return;
    kind.writes = true;
    this.writes.push(number);
  }
}
