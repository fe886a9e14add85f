import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.js';

/** What `systemd-analyze verify` says against units, given by their file names, a line each. */
export async function unitComplaints(units: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'units-'));
  try {
    for (const [name, text] of Object.entries(units)) writeFileSync(join(folder, name), text);
    const paths = Object.keys(units).map((name) => join(folder, name));
    const { code, stdout, stderr } = await run('systemd-analyze', ['verify', ...paths]);
    const lines = `${stdout}${stderr}`.trim().split('\n').filter(Boolean);
    return code !== 0 && lines.length === 0 ? [`systemd-analyze ended with ${code}`] : lines;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The values that a unit gives to a key, in their order. */
export function valuesOf(unit: string, key: string): string[] {
  return [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value as string);
}
