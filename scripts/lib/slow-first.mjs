import Sequencer from '@jest/test-sequencer';

/** Files that take half a minute or more. Jest knows that only after a first run, and would begin with the largest files. */
const SLOW =
  /\/faults\/test\/disturbed-|\/repairs-under-traffic|\/reconcile-counters|\/fix-stuck-tasks\/test\/traffic/;

/** Jest's order, but what takes longest begins: otherwise one processor idles while the other works at the last file. */
export default class SlowFirst extends Sequencer {
  sort(tests) {
    const isSlow = ({ path }) => SLOW.test(path);
    const ordered = super.sort(tests);
    return [...ordered.filter(isSlow), ...ordered.filter((test) => !isSlow(test))];
  }
}
