import type { SandboxClient } from '../redis-client.js';

const MAX_COMMANDS = 250;
const MAX_CHARACTERS = 1024 * 1024;
/** Commands from this many characters on go by themselves: decoding them in the script costs more than it saves. */
const LARGE = 50_000;

/** All commands of a batch in one argument: for node-redis one string to send instead of some ten thousand. */
const RUN_COMMANDS = `
for _, command in ipairs(cjson.decode(ARGV[1])) do
  redis.call(unpack(command))
end`;

/**
 * Collects commands and sends them in batches, at most two of which are under way: memory stays flat, and nothing waits
 * long enough to time out. `full` says when to `await flush()`; `end()` sends the rest and waits for every reply. A batch
 * keeps the server busy for some 10 ms.
 */
export class WriteBuffer {
  #commands: string[][] = [];
  #large: string[][] = [];
  #characters = 0;
  #underWay: Promise<unknown> = Promise.resolve();
  readonly #client: SandboxClient;

  constructor(client: SandboxClient) {
    this.#client = client;
  }

  push(...command: string[]): void {
    this.#add(command);
  }

  /** `HSET key field value …` */
  pushHash(key: string, fields: Readonly<Record<string, string>>): void {
    const command = ['HSET', key];
    for (const field in fields) command.push(field, fields[field] as string);
    this.#add(command);
  }

  #add(command: string[]): void {
    let characters = 0;
    for (const argument of command) characters += argument.length;
    this.#characters += characters;
    (characters < LARGE ? this.#commands : this.#large).push(command);
  }

  get full(): boolean {
    return this.#commands.length >= MAX_COMMANDS || this.#characters >= MAX_CHARACTERS;
  }

  async flush(): Promise<void> {
    const batch = Buffer.from(JSON.stringify(this.#commands));
    const sent = this.#large.map((command) => this.#client.sendCommand(command));
    const previous = this.#underWay;
    this.#underWay = Promise.all([...sent, this.#client.eval(RUN_COMMANDS, { arguments: [batch] })]);
    this.#commands = [];
    this.#large = [];
    this.#characters = 0;
    this.#underWay.catch(() => {});
    await previous;
  }

  async end(): Promise<void> {
    await this.flush();
    await this.#underWay;
  }
}
