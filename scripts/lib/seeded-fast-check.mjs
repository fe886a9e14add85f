// Jest gives this in the place of fast-check. The short run draws the same values each time, so that it fails for what was
// changed; the long run draws anew. ATF_SEED replays a run that failed.
import fc from '../../node_modules/fast-check/lib/fast-check.js';

const { ATF_LONG, ATF_SEED } = process.env;
if (ATF_SEED || ATF_LONG !== '1') fc.configureGlobal({ seed: Number(ATF_SEED ?? 1) });

export * from '../../node_modules/fast-check/lib/fast-check.js';
export { fc as default };
