import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useFolder } from '@atf/sandbox/jest';
import { beforeAll, expect, test } from '@jest/globals';
import { copyRepository } from '../src/copy-repository.js';
import { must, run } from '../src/run.js';
import { importScript } from '../src/scripts.js';

const { SCOPE } = await importScript<{ SCOPE: string }>('lib/publishing.mjs');
const copy = useFolder();
const read = (path: string) => readFileSync(join(copy, path), 'utf8');
const packages = () =>
  readdirSync(join(copy, 'packages')).map((folder) => JSON.parse(read(`packages/${folder}/package.json`)));

beforeAll(() => copyRepository(copy));

test('next-version gives one version to all published packages, and tells the changes in the changelog', async () => {
  const unpublished = packages().filter((manifest) => manifest.private);
  writeFileSync(
    join(copy, '.changeset/one.md'),
    `---\n'${SCOPE}/fix-counter-sync': major\n'${SCOPE}/core': patch\n---\n\nCounts faster.\nMuch faster.\n`,
  );
  await must('node', ['scripts/version.mjs'], { cwd: copy });

  const published = packages().filter((manifest) => !manifest.private);
  expect(new Set(published.map(({ version }) => version))).toEqual(new Set(['1.0.0']));
  expect(packages().filter((manifest) => manifest.private)).toEqual(unpublished);
  expect(read('CHANGELOG.md')).toMatch(
    /^# Changelog\n\n.*\n\n## 1\.0\.0\n\n- core, fix-counter-sync: Counts faster\.\n {2}Much faster\.\n\n## /,
  );
  expect(read('examples/README.md')).toContain(`${SCOPE}/fix-counter-sync@1.0.0 `);
  expect(read('examples/kubernetes/cronjob.yaml')).toContain('atf-utilities:1.0.0\n');
  expect(readdirSync(join(copy, '.changeset')).sort()).toEqual(['README.md', 'config.json']);
});

test('npm run scope writes the scope of the constant wherever the old one stands', async () => {
  const constant = join(copy, 'scripts/lib/publishing.mjs');
  writeFileSync(
    constant,
    readFileSync(constant, 'utf8').replace(`SCOPE = '${SCOPE}'`, "SCOPE = '@some-body'"),
  );
  await must('node', ['scripts/scope.mjs'], { cwd: copy });

  expect(packages().every(({ name }) => name.startsWith('@some-body/'))).toBe(true);
  const left = await run(
    'grep',
    ['-rlI', '--exclude-dir=node_modules', '--exclude-dir=.git', `${SCOPE}\\b`, '.'],
    {
      cwd: copy,
    },
  );
  expect(left.stdout).toBe('');
  expect(read('packages/fix-counter-sync/src/cli.ts')).toContain("from '@some-body/core/cli'");
});

test('the release check refuses while the repository has no home, and names what to do', async () => {
  const constant = join(copy, 'scripts/lib/publishing.mjs');
  const check = () => run('node', ['scripts/release-check.mjs'], { cwd: copy });
  const withHome = (url: string) =>
    writeFileSync(
      constant,
      readFileSync(constant, 'utf8').replace(/REPOSITORY = .*;/, `REPOSITORY = ${url};`),
    );
  withHome('undefined');
  expect(await check()).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'Not published: REPOSITORY in scripts/lib/publishing.mjs is unset: the packages would name no home.\n',
  });
  const pnpm = join(copy, 'node_modules/pnpm/bin/pnpm.cjs');
  const publish = await run('node', [pnpm, 'publish', '--dry-run', '--no-git-checks'], {
    cwd: join(copy, 'packages/core'),
  });
  expect(publish.code).not.toBe(0);
  expect(publish.stdout + publish.stderr).toContain('Not published: REPOSITORY');
  withHome("'https://git.example/someone/utilities'");
  expect(await check()).toEqual({ code: 0, stdout: '', stderr: '' });
});
