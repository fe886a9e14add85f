import { existsSync, readdirSync } from 'node:fs';
import type { FaultCase } from '@atf/sandbox';

/** A fault case, with the name of the tool's package and bin. */
export interface ToolCase extends Omit<FaultCase, 'restores'> {
  tool: string;
  restores?: ToolCase;
}

const PACKAGES = new URL('../../', import.meta.url);
/** The names of all packages that have a bin. */
export const BINS = readdirSync(PACKAGES)
  .filter((name) => existsSync(new URL(`${name}/bin/${name}.js`, PACKAGES)))
  .sort();

const cases = (await Promise.all(BINS.map(casesOf))).flat();

/** Every way in which a tool writes. */
export const TOOLS: readonly ToolCase[] = cases.map(({ restores, ...toolCase }) =>
  restores ? { ...toolCase, restores: restoredCase(restores) } : toolCase,
);

/** What test/fault-cases.ts of a tool lists. A tool that only reads has no such file. */
async function casesOf(tool: string): Promise<(FaultCase & { tool: string })[]> {
  const url = new URL(`${tool}/test/fault-cases.ts`, PACKAGES);
  if (!existsSync(url)) return [];
  const { faultCases } = (await import(url.href)) as { faultCases: readonly FaultCase[] };
  return faultCases.map((faultCase) => ({ ...faultCase, tool }));
}

function restoredCase({ tool, way }: { tool: string; way: string }): ToolCase {
  const found = cases.find((one) => one.tool === tool && one.way === way);
  if (!found) throw new Error(`${tool} has no fault case ${way}`);
  const { restores, ...toolCase } = found;
  return toolCase;
}

export const nameOf = ({ tool, way }: ToolCase): string => (way ? `${tool} (${way})` : tool);
