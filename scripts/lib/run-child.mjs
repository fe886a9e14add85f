import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What a command gets to end in after SIGTERM. */
const GRACE_MS = 5_000;
const STOPPING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** One line about the set-up. Always on stderr: stdout belongs to the command that runs. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A set-up that can't go on for a reason that its message explains fully: no stack is shown. */
export class SetupError extends Error {}

/**
 * Runs a command, without input, on this process' stdout and stderr and resolves to its exit code. It has a process group
 * of its own, so that a signal to this process, Ctrl-C too, reaches each of its descendants exactly once; it is then
 * waited for, and counts as stopped even where it ends with 0.
 */
export function runChild(command, args, { env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    let stoppedBy = null;
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env, detached: true });
    for (const signal of STOPPING_SIGNALS) {
      process.on(signal, () => {
        stoppedBy = signal;
        killGroup(child.pid, signal);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve(exitCode(stoppedBy ? code || null : code, signal ?? stoppedBy)),
    );
  });
}

/**
 * Runs a command without input, collects what it prints, and ends it with its process group after `timeoutMs` or when
 * this process is stopped. Resolves to `{ code, output, timedOut }`; a command that can't be started has code 127.
 * `onOutput(text, stop)` sees each piece of output and may end the command early.
 */
export function runBounded(command, args, { timeoutMs, onOutput, cwd, env = process.env }) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const stop = () => killGroup(child.pid, 'SIGTERM');
    const stopWithUs = (signal) => {
      stop();
      process.exit(exitCode(null, signal));
    };
    for (const signal of STOPPING_SIGNALS) process.once(signal, stopWithUs);

    const finish = (code) => {
      for (const timer of timers) clearTimeout(timer);
      for (const signal of STOPPING_SIGNALS) process.off(signal, stopWithUs);
      resolve({ code, output, timedOut });
    };
    // A descendant that left the group keeps the pipes open for ever: after a time-out nobody waits for it.
    const giveUp = () => {
      killGroup(child.pid, 'SIGKILL');
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      finish(exitCode(null, 'SIGKILL'));
    };
    const timers = [
      setTimeout(() => {
        timedOut = true;
        stop();
      }, timeoutMs),
      setTimeout(giveUp, timeoutMs + GRACE_MS),
    ];

    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        onOutput?.(text, stop);
      });
    }
    child.on('error', (error) => {
      output += `${error.message}\n`;
      finish(127);
    });
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
