/** A folder of core depends only on the folders above it; no file and no folder is part of a circle, not even of types. */
const LAYERS = ['model', 'redis', 'counting', 'queues', 'backup', 'report', 'cli'];

module.exports = {
  forbidden: [
    { name: 'no-circular-files', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-circular-folders', severity: 'error', scope: 'folder', from: {}, to: { circular: true } },
    ...LAYERS.slice(0, -1).map((layer, index) => ({
      name: `core-${layer}-depends-only-on-the-layers-above`,
      severity: 'error',
      from: { path: `^packages/core/src/${layer}/` },
      to: { path: `^packages/core/src/(${LAYERS.slice(index + 1).join('|')})/` },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(node_modules|/dist/|\\.test\\.ts$)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@atf/source', 'import', 'types'],
    },
  },
};
