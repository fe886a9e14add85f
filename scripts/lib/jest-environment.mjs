import { TestEnvironment } from 'jest-environment-node';

/** What a test file may not leave behind: servers, connections and child processes. */
const KINDS = /^(TCPServer|TCPSocket|TLS|PipeServer|Process)/;
/** Far more than closing takes: only a leak needs it. */
const CLOSED_WITHIN_MS = 60_000;
const BETWEEN_LOOKS_MS = 10;
/** The last message that Jest sends to a worker. */
const END_OF_WORKER = 2;

// Jest kills a worker that has not ended half a second after this message. To free its memory a worker may need longer.
process.on('message', ([kind]) => {
  if (kind === END_OF_WORKER) process.exit();
});

/**
 * Node's environment, in which a test file fails that leaves a server, a connection or a process behind. If one of its tests
 * fails anyway, nothing else is said: that failure would hide the first one.
 */
export default class LeakCheckingEnvironment extends TestEnvironment {
  #atStart = resources();
  #hasFailed = false;

  handleTestEvent({ name, test }) {
    if (name === 'hook_failure' || (name === 'test_done' && test.errors.length > 0)) this.#hasFailed = true;
  }

  async teardown() {
    await super.teardown();
    if (this.#hasFailed) return;
    const end = Date.now() + CLOSED_WITHIN_MS;
    // What was closed a moment ago needs some turns of the event loop.
    while (this.#left().length > 0 && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
    const left = this.#left();
    if (left.length > 0) throw new Error(`The test file left something open: ${left.join(', ')}`);
  }

  #left() {
    const before = [...this.#atStart];
    return resources().filter((name) => {
      const known = before.indexOf(name);
      if (known >= 0) before.splice(known, 1);
      return known < 0;
    });
  }
}

function resources() {
  return process.getActiveResourcesInfo().filter((name) => KINDS.test(name));
}
