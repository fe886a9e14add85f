import { join } from 'node:path';
import { runBounded, say } from './run-child.mjs';
import { ROOT } from './workspace.mjs';

const TIMEOUT_MS = 10 * 60_000;
const SILENCE_MS = 20_000;

const GET_PATH = `
  const { default: RedisBinary } = require('redis-memory-server/lib/util/RedisBinary.js');
  RedisBinary.getPath().catch((error) => { console.error('FAILED ' + error.message); process.exitCode = 1; });`;

/**
 * Has redis-memory-server download Redis' source and compile it into the folder `to`. Resolves to why that failed, in
 * one line, or to undefined.
 */
export async function downloadRedis({ to, onPath }) {
  const missing = ['make', 'cc'].filter((program) => !onPath(program));
  if (missing.length > 0) return `no ${missing.join(' and no ')} on the PATH`;

  say(
    'No redis-server on the PATH: downloading the source of Redis and compiling it (a few minutes, once) …',
  );
  const watch = watchForSilence();
  const { code, output, timedOut } = await runBounded(process.execPath, ['-e', GET_PATH], {
    cwd: join(ROOT, 'packages', 'sandbox'),
    timeoutMs: TIMEOUT_MS,
    onOutput: watch.onOutput,
    env: {
      ...process.env,
      REDISMS_DOWNLOAD_DIR: to,
      REDISMS_SYSTEM_BINARY: '',
      REDISMS_DEBUG: '1',
      MAKEFLAGS: '-j2',
      // Without this the library accepts any certificate for the source it compiles and runs.
      npm_config_strict_ssl: 'true',
    },
  });
  watch.end();
  if (code === 0) return undefined;
  if (watch.stalled()) return `the download server was silent for ${SILENCE_MS / 1_000} s`;
  if (timedOut) return `not done after ${TIMEOUT_MS / 60_000} minutes`;
  return output.match(/FAILED (.*)/)?.[1] ?? output.trim().split('\n').at(-1) ?? `exit code ${code}`;
}

/** A network that drops packets gives no error for minutes: while a download is under way, silence ends it. */
function watchForSilence() {
  let timer;
  let stalled = false;
  const onOutput = (text, stop) => {
    clearTimeout(timer);
    const downloading = /trying to download|Downloading Redis/.test(text);
    if (!downloading) return;
    timer = setTimeout(() => {
      stalled = true;
      stop();
    }, SILENCE_MS);
  };
  return { onOutput, stalled: () => stalled, end: () => clearTimeout(timer) };
}
