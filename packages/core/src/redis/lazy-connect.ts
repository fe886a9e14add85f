/** What the command-line frame loads when there is work to do, and not before. */
export { closeTarget, connectTarget } from './connect.js';
export { failureOf } from './failure.js';
