import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { commandOfBin, parseFaults, seedAsyncTaskFlow } from '@atf/sandbox';
import { useEmptyRedis, useFolder } from '@atf/sandbox/jest';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { typeErrors } from '../src/compiled-documents.js';
import { brokenLinks, codeBlocksOf, runnableScript, unknownCommands } from '../src/documents.js';
import { run } from '../src/run.js';
import { ROOT, TOOLS } from '../src/tools.js';

const DOCUMENTS = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n');
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const fixture = useEmptyRedis();
const folder = useFolder();
const bins = join(folder, 'bin');
const exitCodes = join(folder, 'exit-codes');

/** Each tool under its own name; it notes the exit code of each of its runs. */
beforeAll(() => {
  mkdirSync(bins);
  for (const { bin } of TOOLS) {
    const command = commandOfBin(bin)
      .map((word) => `'${word}'`)
      .join(' ');
    const path = join(bins, bin);
    writeFileSync(
      path,
      `#!/bin/sh\n${command} "$@"\ncode=$?\necho "${bin} $code" >>'${exitCodes}'\nexit $code\n`,
    );
    chmodSync(path, 0o755);
  }
});

/** Runs the blocks in one folder, one after another. Resolves to the exit codes of the tools, in order. */
async function runBlocks(scripts: readonly string[]): Promise<string[]> {
  writeFileSync(exitCodes, '');
  const cwd = mkdtempSync(join(folder, 'run-'));
  const env = { PATH: `${bins}${delimiter}${process.env.PATH}`, HOME: folder, REDIS_URL: fixture.redis.url };
  for (const script of scripts) await run('sh', ['-c', script], { cwd, env, stdin: 'yes\n' });
  return readFileSync(exitCodes, 'utf8').split('\n').filter(Boolean);
}

/** A script that writes the backup that a document only reads. */
function backupFor(script: string): string[] {
  const [, file] = /restore-backup (\S+\.ndjson)/.exec(script) ?? [];
  return file === undefined || script.includes(`--backup ${file}`)
    ? []
    : [`delete-defective-tasks --yes --backup ${file}`];
}

describe.each(DOCUMENTS)('%s', (file) => {
  const blocks = codeBlocksOf(text(file));

  test('links to what is there', () => {
    expect(brokenLinks(file)).toEqual([]);
  });

  test('has no command that nobody runs', () => {
    expect(blocks.flatMap(({ script }) => unknownCommands(script))).toEqual([]);
  });
});

test('the TypeScript of the documents compiles, unlike that of a document with a name that is gone', () => {
  const outdated = { file: 'outdated', text: "```ts\nimport { gone } from '@atf/core';\n```\n" };
  const documents = DOCUMENTS.map((file) => ({ file, text: text(file) }));
  const errors = typeErrors([...documents, outdated], mkdtempSync(join(folder, 'compiled-')));
  expect(errors.trim().split('\n')).toEqual([
    expect.stringMatching(/outdated\.ts.* no exported member 'gone'/),
  ]);
});

test.each(TOOLS)("the README of $bin names the tool's own metrics", ({ bin, readme }) => {
  const source = text(`packages/${bin}/src/metrics.ts`);
  const shared = source.includes('counterMetrics') ? text('packages/core/src/report/counter-metrics.ts') : '';
  const names = new Set(`${source}${shared}`.match(/(?<=')atf_\w+(?=')/g));
  expect(new Set(readFileSync(readme, 'utf8').match(/\batf_\w+/g))).toEqual(names);
});

const RUNBOOK = 'docs/runbook.md';
const runnable = DOCUMENTS.filter((file) => file !== RUNBOOK).flatMap((file) =>
  codeBlocksOf(text(file))
    .filter(({ script }) => runnableScript(script, '') !== '')
    .map(({ line, script }) => ({ name: `${file}:${line}`, script })),
);

test.each(runnable)('the commands at $name run as they are written', async ({ script }) => {
  await seedAsyncTaskFlow(fixture.client, {
    tasks: 30,
    seed: 1,
    ...parseFaults(['unknownId=2', 'counterDrift', 'celeryMeta=4']),
  });
  const codes = await runBlocks(
    [...backupFor(script), script].map((one) => runnableScript(one, fixture.redis.url)),
  );
  expect(codes).not.toEqual([]);
  // Found or refused, as the data has it; never a usage error or a failure.
  expect(codes.filter((code) => !/ [013]$/.test(code))).toEqual([]);
});

describe('the runbook repairs what it says:', () => {
  const sections = text(RUNBOOK)
    .split(/^## /m)
    .map((section) => ({ title: section.split('\n', 1)[0]!, blocks: codeBlocksOf(section) }))
    .filter(({ blocks }) => blocks.some(({ faults }) => faults.length > 0));

  test('it has a section for each symptom', () => {
    expect(sections.length).toBeGreaterThan(6);
  });

  test.each(sections)('$title', async ({ blocks }) => {
    const { faults } = blocks[0]!;
    await seedAsyncTaskFlow(fixture.client, { tasks: 30, seed: 1, ...parseFaults(faults) });
    const codes = await runBlocks(blocks.map(({ script }) => runnableScript(script, fixture.redis.url)));
    expect(codes).not.toEqual([]);
    expect(codes.filter((code) => !code.endsWith(' 0'))).toEqual([]);
  });
});
