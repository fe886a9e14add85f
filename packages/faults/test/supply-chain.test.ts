import { describe, expect, test } from '@jest/globals';

interface Manifest {
  name: string;
  private?: boolean;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}
interface SupplyChain {
  looseDependencies(of?: { manifests: Manifest[]; workspace: string }): string[];
  lockfileComplaints(of: { lockfile: string; optional: string[] }): string[];
  optionalPackages(): string[];
  readAudit(output: string): { vulnerabilities?: string[]; unanswered?: string };
}

const scripts = new URL('../../../scripts/lib/supply-chain.mjs', import.meta.url);
const { lockfileComplaints, looseDependencies, optionalPackages, readAudit } = (await import(
  scripts.href
)) as SupplyChain;

describe('looseDependencies', () => {
  const workspace = 'packages:\n  - packages/*\nonlyBuiltDependencies: []\n';
  const complaints = (manifest: Partial<Manifest>, settings = workspace) =>
    looseDependencies({ manifests: [{ name: 'one', ...manifest }], workspace: settings });

  test('finds nothing in this repository', () => {
    expect(looseDependencies()).toEqual([]);
  });

  test.each(['1.2.3', '1.2.3-rc.1', 'workspace:*'])('takes %s', (version) => {
    expect(complaints({ dependencies: { redis: version } })).toEqual([]);
  });

  test.each(['^1.2.3', '~1.2.3', '1.2', '1.x', '*', 'latest', 'workspace:^', 'github:a/b', '>=1.0.0'])(
    'complains about %s',
    (version) => {
      expect(complaints({ dependencies: { redis: version } })).toEqual([
        `one: redis is ${version}, which is no exact version`,
      ]);
    },
  );

  test('takes a range of a peer, which is the choice of whoever installs the package', () => {
    expect(complaints({ peerDependencies: { zod: '^4.0.0' } })).toEqual([]);
  });

  test.each(['preinstall', 'install', 'postinstall'])(
    'complains about %s of a package that is published, which would run at its users',
    (script) => {
      const scripts = { [script]: 'node it.mjs', test: 'jest' };
      expect(complaints({ scripts })).toEqual([`one runs a script at ${script}`]);
      expect(complaints({ scripts, private: true })).toEqual([]);
    },
  );

  test.each([
    'packages:\n  - packages/*\n',
    'onlyBuiltDependencies:\n  - esbuild\n',
    `${workspace}dangerouslyAllowAllBuilds: true\n`,
  ])('complains about a workspace that lets install scripts run: %j', (settings) => {
    expect(complaints({}, settings)).toEqual(['pnpm-workspace.yaml lets install scripts run']);
  });
});

describe('lockfileComplaints', () => {
  const lockfile =
    "packages:\n\n  '@swc/core-darwin-arm64@1.2.3':\n    resolution: {}\n\n  fsevents@2.3.3:\n";

  test('finds nothing where each optional package is there', () => {
    expect(lockfileComplaints({ lockfile, optional: ['@swc/core-darwin-arm64', 'fsevents'] })).toEqual([]);
  });

  test('names a package that is missing: an installation on its platform would lack it', () => {
    expect(lockfileComplaints({ lockfile, optional: ['@swc/core-darwin', 'fsevents', 'events'] })).toEqual([
      'pnpm-lock.yaml lacks @swc/core-darwin: run npx pnpm install --lockfile-only --fix-lockfile',
      'pnpm-lock.yaml lacks events: run npx pnpm install --lockfile-only --fix-lockfile',
    ]);
  });

  test('names a host: the registry is the choice of whoever installs', () => {
    const hosted = `${lockfile}    tarball: https://registry.example/x.tgz\n`;
    expect(lockfileComplaints({ lockfile: hosted, optional: [] })).toEqual([
      'pnpm-lock.yaml names a host: tarball: https://registry.example/x.tgz',
    ]);
  });

  test('knows the native packages of the tools that have some', () => {
    const natives = [
      '@swc/core-darwin-arm64',
      '@biomejs/cli-win32-x64',
      '@turbo/darwin-arm64',
      '@esbuild/win32-x64',
    ];
    expect(optionalPackages()).toEqual(expect.arrayContaining(natives));
  });
});

describe('readAudit', () => {
  /** As pnpm 10 prints it. */
  const recorded = (...paths: string[]) => {
    const advisory = {
      findings: [{ version: '1.0.0', paths }],
      id: 1096366,
      module_name: 'bad',
      vulnerable_versions: '<1.0.1',
      severity: 'high',
      title: 'Prototype pollution',
    };
    return `${JSON.stringify({ actions: [], advisories: { 1096366: advisory }, muted: [] }, null, 2)}\n`;
  };

  test.each([
    'packages__core>redis>bad',
    'packages__core>yargs>bad',
    'packages__fix-counter-sync>@atf/core>redis>bad',
    'packages__nobody-knows>bad',
  ])('names what is shipped by %s', (path) => {
    const { vulnerabilities } = readAudit(` WARN  something\n${recorded('.>jest>bad', path)}`);
    expect(vulnerabilities).toEqual([`high: bad: Prototype pollution (${path})`]);
  });

  test.each(['.>jest>bad', 'packages__sandbox>redis-memory-server>bad', 'packages__core>@types/yargs>bad'])(
    'leaves out what only tests and builds use: %s',
    (path) => {
      expect(readAudit(recorded(path))).toEqual({ vulnerabilities: [] });
    },
  );

  test('finds nothing in an answer without advisories', () => {
    expect(readAudit('{"actions":[],"advisories":{},"muted":[],"metadata":{}}')).toEqual({
      vulnerabilities: [],
    });
  });

  test.each([
    [
      '{"error":{"code":"ERR_PNPM_AUDIT_BAD_RESPONSE","message":"The audit endpoint responded with 404"}}',
      'The audit endpoint responded with 404',
    ],
    ['{"error":{}}', 'the answer is an error'],
    [' ERR_PNPM_FETCH  request failed\n\n reason: ECONNREFUSED\n', 'reason: ECONNREFUSED'],
    ['{"metadata":{}}', 'the answer holds no advisories'],
    ['{"advisories":', '{"advisories":'],
    ['', 'it printed nothing'],
  ])('says why there is no answer: %j', (output, reason) => {
    expect(readAudit(output)).toEqual({ unanswered: reason });
  });
});
