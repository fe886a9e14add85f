import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RespFrames, wordsOf } from './resp-frames.js';
import type { Treat, Treatment } from './treatment.js';

/** An answer that is owed: one of the server's that is to be treated, or one of the proxy's own. */
type Owed = { treatment: Treatment } | { own: Buffer };

/** One client's connection: its commands go through one after the other, each answer in its turn. */
export class ProxiedConnection {
  readonly #owed: Owed[] = [];
  #commands: Promise<void> = Promise.resolve();
  #replies: Promise<void> = Promise.resolve();
  #stalled = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly treat: Treat,
  ) {
    const [sent, answered] = [new RespFrames(), new RespFrames()];
    client.on('data', (chunk) => {
      for (const frame of sent.take(chunk))
        this.#commands = this.#commands.then(() => this.#command(frame.bytes));
    });
    server.on('data', (chunk) => {
      for (const { bytes, push } of answered.take(chunk))
        this.#replies = this.#replies.then(() => (push ? this.#give(bytes) : this.#reply(bytes)));
    });
    for (const socket of [client, server]) socket.on('error', () => {}).on('close', () => this.cut());
  }

  /** Nothing gets through any more, and the connection stays open. */
  silence(): void {
    this.#stalled = true;
  }

  cut(): void {
    this.silence();
    this.client.destroy();
    this.server.destroy();
  }

  async #command(bytes: Buffer): Promise<void> {
    if (this.#stalled) return;
    const words = wordsOf({ bytes });
    const treatment = await this.treat(words);
    if (treatment === 'cut') return this.cut();
    if (treatment === 'stall' || treatment === 'stall-all') return this.silence();
    if (typeof treatment === 'object' && 'error' in treatment) {
      this.#owed.push({ own: Buffer.from(`-${treatment.error}\r\n`) });
      return this.#giveOwn();
    }
    if (typeof treatment === 'object' && 'delayMs' in treatment) await sleep(treatment.delayMs);
    if (!isAnsweredByPushes(words)) this.#owed.push({ treatment });
    this.server.write(bytes);
  }

  async #reply(bytes: Buffer): Promise<void> {
    const owed = this.#owed.shift();
    const treatment = owed && 'treatment' in owed ? owed.treatment : 'pass';
    if (treatment === 'cut-reply') return this.cut();
    if (treatment === 'stall-reply') this.#stalled = true;
    if (treatment === 'halve-reply') {
      this.#stalled = true;
      this.client.write(bytes.subarray(0, bytes.length >> 1), () => this.cut());
      return;
    }
    if (typeof treatment === 'object' && 'beforeReply' in treatment) await treatment.beforeReply();
    this.#give(bytes);
    this.#giveOwn();
  }

  #give(bytes: Buffer): void {
    if (!this.#stalled) this.client.write(bytes);
  }

  /** Errors of the proxy's own wait for their turn, as a server's would. */
  #giveOwn(): void {
    for (let next = this.#owed[0]; next && 'own' in next; next = this.#owed[0]) {
      this.#owed.shift();
      this.#give(next.own);
    }
  }
}

/** With RESP3, the answers to these commands look like what the server sends unasked. */
function isAnsweredByPushes([name = '']: readonly string[]): boolean {
  return /^[ps]?(un)?subscribe$/i.test(name);
}
