import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.mjs';

const MAY_BE_PACKED = /^(package\.json|README\.md|LICENSE|(dist|bin)\/.+)$/;
const MUST_BE_PACKED = ['package.json', 'README.md', 'LICENSE'];
const FOR_DEVELOPMENT = ['devDependencies', 'scripts'];
/** esbuild names, in a comment before each module that it bundled, the file that the module comes from. */
const BUNDLED_MODULE = /^\/\/ .*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm;

/** What is wrong with an installed package, a line each. `published` has the names of all packages that are published. */
export function packageComplaints(folder, published) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const texts = files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
  return [
    ...fileComplaints(texts),
    ...manifestComplaints(manifest, published),
    ...readmeComplaints(texts.find(({ file }) => file === 'README.md')?.text ?? ''),
    ...noticeComplaints(texts),
    ...leftOverComplaints(manifest, texts),
  ].map((complaint) => `${manifest.name}: ${complaint}`);
}

function fileComplaints(texts) {
  const names = texts.map(({ file }) => file);
  return [
    ...names
      .filter((file) => !MAY_BE_PACKED.test(file))
      .map((file) => `${file} is packed, which nobody needs`),
    ...MUST_BE_PACKED.filter((file) => !names.includes(file)).map((file) => `${file} is missing`),
    ...texts
      .filter(({ text }) => text.includes(ROOT))
      .map(({ file }) => `${file} holds a path of this machine`),
  ];
}

function manifestComplaints(manifest, published) {
  const { name, publishConfig = {}, keywords = [], dependencies = {} } = manifest;
  return [
    ...FOR_DEVELOPMENT.filter((field) => field in manifest).map((field) => `the manifest has ${field}`),
    ...(JSON.stringify(manifest).includes('/src/') ? ['the manifest names a source'] : []),
    ...(keywords.length > 0 ? [] : ['the manifest has no keywords']),
    ...(publishConfig.access === 'public' && publishConfig.provenance
      ? []
      : ['it would not be published openly, with provenance']),
    ...Object.entries(dependencies)
      .filter(([dependency, version]) => !published.includes(dependency) || !/^\d+\.\d+\.\d+$/.test(version))
      .map(([dependency, version]) => `it depends on ${dependency} ${version}`),
    ...(name.endsWith('/core') || 'bin' in manifest ? [] : ['it has no bin']),
  ];
}

/** A link that leads nowhere on the page of the registry. */
function readmeComplaints(readme) {
  return [...readme.matchAll(/\]\((?!https:|#)([^)]+)\)/g)].map(
    ([, target]) => `the README links to ${target}`,
  );
}

function noticeComplaints(texts) {
  const modules = texts
    .filter(({ file }) => file.endsWith('.js'))
    .flatMap(({ text }) => [...text.matchAll(BUNDLED_MODULE)]);
  const notices = texts.find(({ file }) => file === 'dist/THIRD-PARTY-NOTICES.txt')?.text ?? '';
  return [...new Set(modules.map(([, name]) => name).filter((name) => name !== '.pnpm'))]
    .filter((name) => !notices.includes(`\n${name} `))
    .map((name) => `${name} is bundled, and its licence is in no notice`);
}

/** A module that no other one imports, and that is no entry, was left by an earlier build. */
function leftOverComplaints({ exports }, texts) {
  const modules = texts.filter(({ file }) => file.endsWith('.js'));
  const entries = JSON.stringify(exports) + modules.map(({ text }) => text).join('\n');
  return modules
    .filter(({ file }) => file.startsWith('dist/') && !entries.includes(`/${file.slice('dist/'.length)}`))
    .map(({ file }) => `${file} was left by an earlier build`);
}
