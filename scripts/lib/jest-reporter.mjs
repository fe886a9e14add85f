import { say } from './run-child.mjs';

const LINGERING_MS = 10_000;

/** Ends a run that does not end by itself, as a failure: a test that left a server running would hold it up for ever. */
export default class JestReporter {
  #watching;

  constructor({ watch, watchAll }) {
    this.#watching = watch || watchAll;
  }

  onRunComplete() {
    if (!this.#watching) setTimeout(endLingering, LINGERING_MS).unref();
  }
}

function endLingering() {
  say(`The tests left something open, which is a failure: ${process.getActiveResourcesInfo().join(', ')}`);
  process.exit(1);
}
