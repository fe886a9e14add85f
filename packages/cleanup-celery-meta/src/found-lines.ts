import { listLines, plainText, sizeText } from '@atf/core';
import type { CleanupCeleryMetaResult } from './schema.js';

/** How many names a text shows; --json has up to 100. */
const SHOWN = 10;

/** The counts of a survey as lines. */
export function foundLines(result: CleanupCeleryMetaResult): string[] {
  const { found, expiring, persistent, olderThanMs, selected, younger, undated, memory } = result;
  const unfinished = unfinishedText(result);
  if (found === 0) return ['Found 0 celery-task-meta keys'];
  return [
    `Found ${found} celery-task-meta keys`,
    `   With an expiry: ${expiring}`,
    `   Without an expiry (never removed on their own): ${persistent}`,
    ...(olderThanMs === null
      ? []
      : [
          `   Older than ${durationText(olderThanMs)}: ${selected}`,
          `   Younger, kept: ${younger}`,
          `   Without a readable date_done, kept: ${undated}`,
        ]),
    ...(unfinished ? [`   Not finished, and deleted too: ${unfinished}`] : []),
    ...(selected > 0
      ? [`   Memory${olderThanMs === null ? '' : ' of the older ones'}: ${memoryText(memory)}`]
      : []),
  ];
}

function memoryText(memory: CleanupCeleryMetaResult['memory']): string {
  if (!memory) return 'unknown (Redis refuses MEMORY USAGE)';
  return `about ${sizeText(memory.estimatedBytes)} (estimate from ${memory.measured} measured)`;
}

/** How many of the results to delete belong to tasks that may still run; empty without such results. */
function unfinishedText({ started, retrying }: CleanupCeleryMetaResult): string {
  return [started > 0 ? `${started} STARTED` : '', retrying > 0 ? `${retrying} RETRY` : '']
    .filter(Boolean)
    .join(', ');
}

/** Names of some results to delete, as lines. */
export function sampleLines({ samples, selected }: CleanupCeleryMetaResult): string[] {
  return namesOf('Samples:', samples, selected);
}

/** Keys with a result's name that are not a string, as lines. */
export function notStringLines({ notStrings, notStringKeys }: CleanupCeleryMetaResult): string[] {
  return namesOf(`⚠️  Left alone, not a string and so no result: ${notStrings}`, notStringKeys, notStrings);
}

function namesOf(heading: string, names: readonly string[], total: number): string[] {
  if (total === 0 || names.length === 0) return [];
  return [heading, ...listLines(names, (name) => plainText(name), { shown: SHOWN, total })];
}

/** A duration in the form of --older-than, in its largest whole unit. */
function durationText(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const;
  const [unit, size] = units.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
