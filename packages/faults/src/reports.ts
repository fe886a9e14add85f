import type { AtfError, Report } from '@atf/core';
import { type BinRun, runBin } from '@atf/sandbox';
import { expect } from '@jest/globals';
import type { ZodType } from 'zod';
import type { RedisInstance } from './redis-instance.js';

type AnyReport = Report<Record<string, unknown>>;
export type Code = AtfError['code'];

/** The schema that a tool exports for its documents, by the name that all of them follow. */
async function schemaOf(tool: string): Promise<ZodType<AnyReport>> {
  const camel = tool.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const exported = (await import(new URL(`../../${tool}/src/index.ts`, import.meta.url).href)) as Record<
    string,
    ZodType<AnyReport>
  >;
  return exported[`${camel}ReportSchema`]!;
}

/** The document of a run with --json: one, alone on stdout, and as the tool's schema has it. */
export async function reportOf(tool: string, { stdout }: BinRun): Promise<AnyReport> {
  return (await schemaOf(tool)).parse(JSON.parse(stdout));
}

/**
 * Runs a tool on an instance to its good end. A restore that names counters, because it cannot know what they count, and one of a
 * backup without its end are good ends too.
 */
export async function runToItsEnd(
  instance: RedisInstance,
  tool: string,
  args: readonly string[],
): Promise<void> {
  const run = await runBin(tool, [...args, '--json', '--redis-url', instance.redis.url]);
  await instance.dropLock();
  const report = await reportOf(tool, run);
  const problems = (report.result?.problems ?? []) as { code: string }[];
  const isSure = problems.every(({ code }) => code !== 'counter-unsure');
  const isWhole = (report.result?.backup as { complete?: boolean } | null)?.complete !== false;
  const others = problems.filter(({ code }) => code !== 'counter-unsure');
  expect({ code: run.code, others, report }).toMatchObject({ code: isSure && isWhole ? 0 : 1, others: [] });
}
