import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, workspacePackages } from './workspace.mjs';

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
/** A peer is the choice of whoever installs the package: a range is right there. */
const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** What @atf/core's build puts into its bundle although it is declared for development: it is shipped. */
const BUNDLED = ['picocolors', 'redis', 'yargs', 'zod'];

/** What a package manager runs where a package is installed. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];

/**
 * Every version in every package.json is exact or of this workspace, no install script may run, and what is published has
 * none. Returns what is not so, a line each.
 */
export function looseDependencies({ manifests, workspace } = thisRepository()) {
  const loose = manifests.flatMap((manifest) => [...looseVersions(manifest), ...installScripts(manifest)]);
  return /^onlyBuiltDependencies: \[\]$/m.test(workspace) && !/dangerouslyAllowAllBuilds/.test(workspace)
    ? loose
    : [...loose, 'pnpm-workspace.yaml lets install scripts run'];
}

function thisRepository() {
  const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return {
    manifests: [root, ...workspacePackages().map(({ manifest }) => manifest)],
    workspace: readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8'),
  };
}

function looseVersions(manifest) {
  return GROUPS.flatMap((group) => Object.entries(manifest[group] ?? {}))
    .filter(([, version]) => !EXACT.test(version) && version !== 'workspace:*')
    .map(([name, version]) => `${manifest.name}: ${name} is ${version}, which is no exact version`);
}

function installScripts({ name, private: unpublished, scripts = {} }) {
  if (unpublished) return [];
  return INSTALL_SCRIPTS.filter((script) => script in scripts).map(
    (script) => `${name} runs a script at ${script}`,
  );
}

/**
 * The lockfile names no host, and holds each optional package of what is installed: those are the native binaries of all
 * platforms, and pnpm leaves out the ones that it did not find when the lockfile was written. Returns what is not so.
 */
export function lockfileComplaints({ lockfile, optional }) {
  const hosts = lockfile.split('\n').filter((line) => /https?:\/\//.test(line));
  const missing = optional.filter(
    (name) => !lockfile.includes(`\n  '${name}@`) && !lockfile.includes(`\n  ${name}@`),
  );
  return [
    ...hosts.map((line) => `pnpm-lock.yaml names a host: ${line.trim()}`),
    ...missing.map(
      (name) => `pnpm-lock.yaml lacks ${name}: run npx pnpm install --lockfile-only --fix-lockfile`,
    ),
  ];
}

/** Names of all packages that an installed package takes if they fit the platform. */
export function optionalPackages(store = join(ROOT, 'node_modules', '.pnpm')) {
  const names = readdirSync(store)
    .flatMap((entry) => packagesIn(join(store, entry, 'node_modules')))
    .flatMap((folder) => {
      const { optionalDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return Object.keys(optionalDependencies);
    });
  return [...new Set(names)].sort();
}

/** Folders of the packages that lie in a folder themselves: links lead to those of other folders. */
function packagesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== '.bin')
    .flatMap(({ name }) => (name.startsWith('@') ? packagesIn(join(folder, name)) : [join(folder, name)]));
}

/**
 * Reads what `pnpm audit --json` printed. Returns the known vulnerabilities of what is shipped, a line each; or the reason
 * why the registry did not tell. What only tests and builds use is left out.
 */
export function readAudit(output) {
  let report;
  try {
    report = JSON.parse(output.slice(output.indexOf('{')));
  } catch {
    return { unanswered: output.trim().split('\n').at(-1).trim() || 'it printed nothing' };
  }
  if (report.error) return { unanswered: report.error.message || 'the answer is an error' };
  if (!report.advisories) return { unanswered: 'the answer holds no advisories' };
  const vulnerabilities = Object.values(report.advisories).flatMap(
    ({ module_name, severity, title, findings }) => {
      const path = findings.flatMap(({ paths }) => paths).find(isShipped);
      return path ? [`${severity}: ${module_name}: ${title} (${path})`] : [];
    },
  );
  return { vulnerabilities };
}

/** Whether a path such as `packages__core>redis>@redis/client` leads to what users install. When in doubt it does. */
function isShipped(path) {
  const [importer, dependency] = path.split('>');
  if (importer === '.') return false;
  const found = workspacePackages().find(({ folder }) => folder.endsWith(importer.replaceAll('__', '/')));
  if (!found) return true;
  const { private: unpublished, devDependencies = {} } = found.manifest;
  if (unpublished) return false;
  return BUNDLED.includes(dependency) || !(dependency in devDependencies);
}
