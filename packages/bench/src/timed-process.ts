import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const REPORT_PEAK = fileURLToPath(new URL('./report-peak.cjs', import.meta.url));

export interface TimedProcess {
  /** From its start to its end. */
  seconds: number;
  /** The most memory that it ever had; undefined for what is no Node program. */
  peakMb?: number;
  stdout: string;
}

/**
 * Runs a command to its end. The largest size of a Node program is read by itself as it ends: polling would miss it.
 * @throws Error for an exit code other than 0
 */
export async function timedProcess(
  [command, ...args]: readonly [string, ...string[]],
  { measuresPeak = false }: { measuresPeak?: boolean } = {},
): Promise<TimedProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const peakFile = join(folder, 'peak');
  const { PATH = '', HOME = '' } = process.env;
  const peakEnv = measuresPeak ? { NODE_OPTIONS: `--require=${REPORT_PEAK}`, ATF_PEAK_FILE: peakFile } : {};
  try {
    const startedAt = performance.now();
    const child = spawn(command, args, {
      env: { PATH, HOME, ...peakEnv },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [[code], stdout, stderr] = await Promise.all([
      once(child, 'close'),
      text(child.stdout),
      text(child.stderr),
    ]);
    const seconds = (performance.now() - startedAt) / 1000;
    if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}\n${stderr}`);
    return measuresPeak
      ? { seconds, stdout, peakMb: Number(readFileSync(peakFile, 'utf8')) }
      : { seconds, stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
