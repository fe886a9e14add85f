import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.js';

/** What the compiler says against the TypeScript of some documents. The blocks of one document are one module. Writes into an empty `folder`. */
export function typeErrors(documents: readonly { file: string; text: string }[], folder: string): string {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, text } of documents) {
    const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
    const module = join(folder, `${file.replaceAll('/', '_')}.ts`);
    if (blocks.length > 0) writeFileSync(module, blocks.join('\n'));
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  try {
    execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', folder], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

/** Packages are found as if the modules stood in the repository. */
const CONFIG = {
  extends: join(ROOT, 'tsconfig.base.json'),
  compilerOptions: {
    noUnusedLocals: false,
    noUnusedParameters: false,
    paths: {
      '@atf/core/cli': [join(ROOT, 'packages', 'core', 'src', 'cli', 'index.ts')],
      '@atf/*': [join(ROOT, 'packages', '*', 'src', 'index.ts')],
    },
  },
  include: ['*.ts'],
};
