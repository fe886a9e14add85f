import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const STOPPING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** One line about the set-up. Always on stderr: stdout belongs to the command that runs. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A set-up that can't go on for a reason that its message explains fully: no stack is shown. */
export class SetupError extends Error {}

/**
 * Runs a command on this process' own stdin, stdout and stderr and resolves to its exit code. Signals sent to this
 * process go on to the child; Ctrl-C is not sent twice, the terminal gives it to the whole foreground group.
 */
export function runChild(command, args, { env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    for (const signal of STOPPING_SIGNALS) {
      process.on(signal, () => {
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(exitCode(code, signal)));
  });
}

/**
 * Runs a command without input, collects what it prints, and ends it with all its descendants after `timeoutMs` or
 * when this process is stopped. Resolves to `{ code, output, timedOut }`; a command that can't be started has code 127.
 * `onOutput(text, stop)` sees each piece of output and may end the command early.
 */
export function runBounded(command, args, { timeoutMs, onOutput, cwd, env = process.env }) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const stop = () => killGroup(child.pid, 'SIGTERM');

    const timer = setTimeout(() => {
      timedOut = true;
      stop();
      setTimeout(() => killGroup(child.pid, 'SIGKILL'), 5_000).unref();
    }, timeoutMs);
    const stopWithUs = (signal) => {
      stop();
      process.exit(exitCode(null, signal));
    };
    for (const signal of STOPPING_SIGNALS) process.once(signal, stopWithUs);

    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        onOutput?.(text, stop);
      });
    }
    const finish = (code, extra = '') => {
      clearTimeout(timer);
      for (const signal of STOPPING_SIGNALS) process.off(signal, stopWithUs);
      resolve({ code, output: output + extra, timedOut });
    };
    child.on('error', (error) => finish(127, `${error.message}\n`));
    child.on('close', (code, signal) => finish(exitCode(code, signal)));
  });
}

function exitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

function killGroup(pid, signal) {
  try {
    if (pid) process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
